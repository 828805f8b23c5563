/**
 * The look of the app as Mantine tokens: colours, type, radii, defaults of components.
 * Knows no screen; what tokens can't say stands in theme.css.
 */
import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

const gray: MantineColorsTuple = [
  '#fafafb',
  '#f4f5f7',
  '#e9ebef',
  '#dcdfe5',
  '#c4c9d2',
  '#9aa1ad',
  '#6f7785',
  '#525967',
  '#353b47',
  '#1e232c',
]
const dark: MantineColorsTuple = [
  '#e4e6eb',
  '#aeb4bf',
  '#8b919d',
  '#666c78',
  '#3d424d',
  '#2d313a',
  '#23262e',
  '#17191f',
  '#121419',
  '#0c0e11',
]
const accent: MantineColorsTuple = [
  '#eef1ff',
  '#dfe4fd',
  '#bec8f9',
  '#9ba9f4',
  '#7d8ef0',
  '#6479ea',
  '#4c63e0',
  '#3b50d5',
  '#3041b4',
  '#27358f',
]

/** Light tints carry text of shade 9 in light and shade 2 in dark: the defaults miss WCAG AA on several colours. */
const variantColorResolver: VariantColorsResolver = input => {
  const colors = defaultVariantColorsResolver(input)
  const { variant, color } = input
  if (color === undefined || color.includes('.') || !(color in input.theme.colors)) return colors
  if (variant === 'light') return { ...colors, color: `var(--nexus-on-light-${color})`, background: `var(--nexus-light-${color})` }
  if (variant === 'subtle' || variant === 'transparent') return { ...colors, color: `var(--nexus-on-light-${color})` }
  return colors
}

/** The one theme of both apps. */
export const theme = createTheme({
  colors: { gray, dark, accent },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 7 },
  variantColorResolver,
  fontFamily: 'Inter, ui-sans-serif, -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.45', lg: '1.45', xl: '1.4' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'md',
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.35' },
      h2: { fontSize: '1rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  shadows: {
    xs: '0 1px 2px rgba(16, 20, 30, 0.06)',
    sm: '0 2px 6px rgba(16, 20, 30, 0.08)',
    md: '0 6px 20px rgba(16, 20, 30, 0.12)',
    lg: '0 12px 32px rgba(16, 20, 30, 0.16)',
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    Button: { defaultProps: { size: 'sm', fw: 500 } },
    ActionIcon: { defaultProps: { size: 'lg', variant: 'subtle', color: 'gray' } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 500, size: 'md', lts: 0 } },
    Popover: {
      defaultProps: {
        shadow: 'md',
        transitionProps: { duration: 120 },
        // What opens over the page belongs to it, for whoever goes by landmarks.
        portalProps: { target: '#content' },
        // Inputs of a sheet that stands at the edge of a phone count as detached, and their lists would never show.
        hideDetached: false,
      },
    },
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 120 } } },
    Modal: { defaultProps: { centered: true, transitionProps: { duration: 120 }, radius: 'lg' } },
    Drawer: { defaultProps: { transitionProps: { duration: 150 } } },
    // A list of options scrolls by itself: a scrolling box around it would be one more stop without a name.
    Select: { defaultProps: { withScrollArea: false } },
    MultiSelect: { defaultProps: { withScrollArea: false } },
    Skeleton: { defaultProps: { radius: 'sm' } },
  },
})

const TINTED = [
  'gray',
  'red',
  'pink',
  'grape',
  'violet',
  'indigo',
  'blue',
  'cyan',
  'teal',
  'green',
  'lime',
  'yellow',
  'orange',
  'accent',
] as const

/** Variables beyond Mantine's own: tints, their texts, surfaces and lines, for both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-6)',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': 'var(--mantine-color-gray-9)',
    '--mantine-color-anchor': 'var(--mantine-color-accent-7)',
    '--mantine-color-default-border': 'var(--mantine-color-gray-3)',
    '--nexus-side': 'var(--mantine-color-gray-0)',
    '--nexus-hover': 'var(--mantine-color-gray-1)',
    '--nexus-active': 'var(--mantine-color-gray-2)',
    '--nexus-line': 'var(--mantine-color-gray-2)',
    '--nexus-line-strong': 'var(--mantine-color-gray-3)',
    '--nexus-raised': '#ffffff',
    ...Object.fromEntries(
      TINTED.flatMap(color => [
        [`--nexus-on-light-${color}`, `var(--mantine-color-${color}-9)`],
        [`--nexus-light-${color}`, color === 'gray' ? 'var(--mantine-color-gray-2)' : `var(--mantine-color-${color}-1)`],
      ]),
    ),
    // Shade 9 of these three is still too bright for text on their own tint.
    '--nexus-on-light-lime': '#3f6f0c',
    '--nexus-on-light-yellow': '#8a4a00',
    '--nexus-on-light-orange': '#a33a05',
    '--nexus-on-light-green': '#1d6b2c',
    '--nexus-on-light-teal': '#056b4c',
    '--nexus-on-light-red': '#a61e1e',
    '--nexus-on-light-gray': 'var(--mantine-color-gray-8)',
  },
  dark: {
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-2)',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
    '--mantine-color-body': 'var(--mantine-color-dark-7)',
    '--mantine-color-text': 'var(--mantine-color-dark-0)',
    '--mantine-color-anchor': 'var(--mantine-color-accent-3)',
    '--mantine-color-default-border': 'var(--mantine-color-dark-4)',
    '--nexus-side': 'var(--mantine-color-dark-8)',
    '--nexus-hover': 'var(--mantine-color-dark-6)',
    '--nexus-active': 'var(--mantine-color-dark-5)',
    '--nexus-line': 'var(--mantine-color-dark-5)',
    '--nexus-line-strong': 'var(--mantine-color-dark-4)',
    '--nexus-raised': 'var(--mantine-color-dark-6)',
    ...Object.fromEntries(
      TINTED.flatMap(color => [
        [`--nexus-on-light-${color}`, color === 'gray' ? 'var(--mantine-color-dark-0)' : `var(--mantine-color-${color}-2)`],
        [
          `--nexus-light-${color}`,
          color === 'gray'
            ? 'var(--mantine-color-dark-5)'
            : `color-mix(in srgb, var(--mantine-color-${color}-8) 26%, var(--mantine-color-dark-7))`,
        ],
      ]),
    ),
  },
})
