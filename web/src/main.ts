import { createApp } from 'vue'
import { createPinia } from 'pinia'
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import App from './app.vue'
import { whenSignedOut } from './api/client'
import { ApiError } from './api/problem'
import { useSession } from './auth/session'
import { router } from './router'
import './style/tokens.css'
import './style/base.css'
import './style/a11y.css'
import './style/element.css'
import './style/forms.css'
import './style/tree.css'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal stays a refusal; a lost connection is worth a second try.
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status < 500),
    },
  },
})

const app = createApp(App).use(createPinia()).use(VueQueryPlugin, { queryClient: queries }).use(router)

whenSignedOut(() => {
  const session = useSession()
  if (!session.signedIn) return
  session.forget()
  queries.clear()
  const here = router.currentRoute.value
  if (here.name !== 'login') void router.push({ name: 'login', query: { next: here.fullPath, why: 'expired' } })
})

app.mount('#app')
