/** Types of what Vite adds: CSS modules, assets, `import.meta.env`. */
/// <reference types="vite/client" />
