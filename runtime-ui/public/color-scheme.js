// Sets the colour scheme before the first paint. A file of its own, because the content security policy forbids inline scripts.
try {
  const saved = localStorage.getItem('mantine-color-scheme-value')
  const dark = saved === 'dark' || (saved !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
} catch {
  // Storage may be forbidden; the page then starts light and follows the system once it runs.
}
