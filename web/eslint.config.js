import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

// Few rules, each for a fault that types don't find.
export default tseslint.config(
  { ignores: ['dist', 'src/api/schema.ts'] },
  ...tseslint.configs.recommended,
  hooks.configs.flat.recommended,
  {
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      // Text from logs is written by strangers.
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'Text is rendered as text.' },
        { property: 'outerHTML', message: 'Text is rendered as text.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
          message: 'Text is rendered as text.',
        },
      ],
      // TanStack Table and Virtual hand out functions that this rule takes for values.
      'react-hooks/incompatible-library': 'off',
    },
  },
);
