/** Takes the keyboard into the rows of the list on screen, to the one last used. */
export function focusRows(): void {
  document.querySelector<HTMLElement>('[data-row][tabindex="0"]')?.focus()
}
