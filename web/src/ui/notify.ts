import { ElMessage } from 'element-plus/es/components/message/index.mjs'
import 'element-plus/es/components/message/style/css'
import { messageOf } from '../api/problem'

export const done = (text: string) => ElMessage({ message: text, type: 'success', duration: 4000, showClose: true })
export const failed = (error: unknown) =>
  ElMessage({ message: messageOf(error), type: 'error', duration: 9000, showClose: true })
