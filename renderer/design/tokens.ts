/**
 * Every colour, size, radius and font of the pages, in one place: a Mantine theme and the `--rb-*` variables.
 * Accepted, refused, deferred and abandoned have a colour each, and never a colour alone.
 */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const accent: MantineColorsTuple = [
  '#eef3ff',
  '#dbe5ff',
  '#b7caff',
  '#8fadff',
  '#7a9dff',
  '#4a74e8',
  '#2f5bd0',
  '#2850ba',
  '#22449e',
  '#1b3780',
];

const dark: MantineColorsTuple = [
  '#e4e8ee',
  '#c6cdd7',
  '#a7b1be',
  '#7f8a99',
  '#3c4552',
  '#2d343f',
  '#222831',
  '#1a1e25',
  '#14181d',
  '#0f1216',
];

/** Height of one row of a list, in pixels; the virtual lists count with it. */
export const rowHeightPx = 28;

/** Below this width of the window, in pixels, a list and its detail stand one above the other. */
export const stackBelowPx = 1_100;

const inputs = { defaultProps: { size: 'xs' } };

export const theme = createTheme({
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "SF Mono", "Cascadia Mono", "Segoe UI Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '13px', lg: '15px', xl: '18px' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.45', lg: '1.4', xl: '1.3' },
  spacing: { xs: '6px', sm: '10px', md: '14px', lg: '20px', xl: '32px' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'sm',
  colors: { accent, dark },
  primaryColor: 'accent',
  primaryShade: 6,
  autoContrast: true,
  cursorType: 'pointer',
  components: {
    TextInput: inputs,
    Textarea: inputs,
    PasswordInput: inputs,
    Select: inputs,
    Autocomplete: inputs,
    TagsInput: inputs,
    InputWrapper: {
      styles: {
        label: { fontSize: '12px' },
        description: { fontSize: '11.5px' },
        error: { fontSize: '12px' },
      },
    },
    SegmentedControl: inputs,
    Checkbox: inputs,
    Button: inputs,
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true, fz: 'xs', multiline: true, maw: 340 } },
  },
});

export const variables: CSSVariablesResolver = () => ({
  variables: {
    '--rb-rail-width': '84px',
    '--rb-strip-height': '38px',
    '--rb-toolbar-height': '42px',
    '--rb-row-height': `${rowHeightPx}px`,
    '--rb-mono-size': '12px',
  },
  light: {
    '--rb-ground': '#f3f5f8',
    '--rb-surface': '#ffffff',
    '--rb-raised': '#f8f9fb',
    '--rb-hover': '#f0f3f8',
    '--rb-selected': '#e4ecff',
    '--rb-line': '#e2e6ec',
    '--rb-line-strong': '#c9d0da',
    '--rb-text': '#1a2330',
    '--rb-text-quiet': '#4f5c6d',
    '--rb-text-faint': '#647082',
    '--rb-accent': '#2850ba',
    '--rb-accent-fill': '#2f5bd0',
    '--rb-accepted': '#136c3a',
    '--rb-accepted-ground': '#e6f4ec',
    '--rb-refused': '#b02319',
    '--rb-refused-ground': '#fdeceb',
    '--rb-deferred': '#835200',
    '--rb-deferred-ground': '#fcf1d9',
    '--rb-abandoned': '#566171',
    '--rb-abandoned-ground': '#edf0f4',
    '--rb-client-ground': '#f4f7fd',
    '--rb-tls-line': '#9fb6ee',
    '--rb-shadow': '0 6px 24px rgb(20 30 50 / 14%)',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#1a2330',
    '--mantine-color-dimmed': '#4f5c6d',
    '--mantine-color-placeholder': '#6b7787',
    '--mantine-color-default-border': '#c9d0da',
    '--mantine-color-error': '#b02319',
  },
  dark: {
    '--rb-ground': '#14181d',
    '--rb-surface': '#1a1e25',
    '--rb-raised': '#20252d',
    '--rb-hover': '#232933',
    '--rb-selected': '#26345a',
    '--rb-line': '#2b323c',
    '--rb-line-strong': '#404a58',
    '--rb-text': '#e4e8ee',
    '--rb-text-quiet': '#adb7c4',
    '--rb-text-faint': '#939eae',
    '--rb-accent': '#9db8ff',
    '--rb-accent-fill': '#7a9dff',
    '--rb-accepted': '#63cf92',
    '--rb-accepted-ground': '#16311f',
    '--rb-refused': '#ff938a',
    '--rb-refused-ground': '#3b1f1e',
    '--rb-deferred': '#e9bb61',
    '--rb-deferred-ground': '#352a12',
    '--rb-abandoned': '#adb7c4',
    '--rb-abandoned-ground': '#272d37',
    '--rb-client-ground': '#1e2430',
    '--rb-tls-line': '#45598f',
    '--rb-shadow': '0 6px 24px rgb(0 0 0 / 50%)',
    '--mantine-color-body': '#1a1e25',
    '--mantine-color-text': '#e4e8ee',
    '--mantine-color-dimmed': '#adb7c4',
    '--mantine-color-placeholder': '#8b96a6',
    '--mantine-color-default-border': '#404a58',
    '--mantine-color-error': '#ff938a',
  },
});
