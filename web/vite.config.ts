import { defineConfig } from 'vite'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'

// The console is served by the C++ server under /console/ with a strict CSP: no inline script or style may
// leave this build. Floor: Chromium 87, which is what the browsers in government offices are built on.
export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [
    vue(),
    Components({ resolvers: [ElementPlusResolver()], dts: 'components.d.ts', dirs: [] }),
  ],
  server: {
    proxy: { '/api': process.env.HUABIAO_URL ?? 'http://127.0.0.1:8080' },
  },
  build: {
    outDir: '../build/web',
    emptyOutDir: true,
    target: ['chrome87', 'edge88', 'firefox78', 'safari14'],
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    manifest: 'manifest.json',
  },
})
