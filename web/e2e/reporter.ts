// Ends with the line that the checks of this project read: "N passed, N failed", alone on its line.
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter'

export default class Closing implements Reporter {
  private last = new Map<string, boolean>()

  onTestEnd(test: TestCase, result: TestResult) {
    if (result.status !== 'skipped') this.last.set(test.id, result.status === test.expectedStatus)
  }

  onEnd() {
    const passed = [...this.last.values()].filter(Boolean).length
    console.log(`\n${passed} passed, ${this.last.size - passed} failed`)
  }

  printsToStdio() {
    return true
  }
}
