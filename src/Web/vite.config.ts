import preact from "@preact/preset-vite";
import { defineConfig } from "vite";

const host = "http://127.0.0.1:8080";
// The host refuses writes that come from another origin, so the proxy speaks as the host's own page.
const toHost = { target: host, headers: { origin: host }, changeOrigin: true };

export default defineConfig({
  plugins: [preact()],
  build: {
    outDir: "../Host/wwwroot",
    emptyOutDir: true,
    target: "es2022",
    // The content security policy allows scripts and styles from our own origin only: nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/api": toHost,
      "/hub": { ...toHost, ws: true },
      "/health": toHost,
      "/version": toHost,
      "/openapi": toHost,
      "/docs": toHost,
    },
  },
});
