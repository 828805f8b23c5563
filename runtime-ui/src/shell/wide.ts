/** Where the layout of a desk begins and that of a phone ends. The style sheets say the same as `max-width: 48em`. */
export const WIDE = '(min-width: 48.0625em)'
