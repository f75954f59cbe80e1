/** How the console's page is built: static files below dist/web that work at any address and load nothing from elsewhere. */

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = new URL(".", import.meta.url).pathname;

export default defineConfig({
  root: here,
  // Relative addresses: the files can lie in any folder of any static host.
  base: "./",
  publicDir: `${here}public`,
  cacheDir: `${here}../../node_modules/.vite`,
  plugins: [react()],
  worker: { format: "es" },
  // The engine and the networks lie outside of this folder.
  server: { fs: { allow: [`${here}../..`] } },
  build: {
    outDir: `${here}../../dist/web`,
    emptyOutDir: true,
    target: "es2024",
    // Browsers that know light-dark() themselves: its replacement would miss the scheme that the page chooses.
    cssTarget: ["chrome125", "edge125", "firefox128", "safari17.5"],
    // Nothing inlined: the Content-Security-Policy allows no data: scripts, and icons cache better as files.
    assetsInlineLimit: 0,
    // The engine is one chunk by nature.
    chunkSizeWarningLimit: 2_000,
  },
});
