import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = process.env.WEFT_URL ?? "http://127.0.0.1:5173";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../src/weft/web/dist",
    emptyOutDir: true,
    target: ["chrome123", "firefox121", "safari17.5"],
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: { port: 5174, proxy: { "/v1": server, "/is-alive": server } },
});
