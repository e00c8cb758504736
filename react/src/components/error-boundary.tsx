/** Keeps what breaks inside its place: around the page, around the chat, and around each message. */
import { Component, type ReactNode } from 'react'

export interface ErrorBoundaryProps {
  fallback: (retry: () => void) => ReactNode
  /** Shows the children again when it changes, such as the message's text or the page's path. */
  resetKey?: unknown
  children: ReactNode
}

interface Broken {
  isBroken: boolean
  resetKey: unknown
}

export class ErrorBoundary extends Component<ErrorBoundaryProps, Broken> {
  override state: Broken = { isBroken: false, resetKey: this.props.resetKey }

  static getDerivedStateFromError(): Partial<Broken> {
    return { isBroken: true }
  }

  static getDerivedStateFromProps(props: ErrorBoundaryProps, state: Broken): Partial<Broken> | null {
    return props.resetKey === state.resetKey ? null : { isBroken: false, resetKey: props.resetKey }
  }

  private readonly retry = () => this.setState({ isBroken: false })

  override render(): ReactNode {
    return this.state.isBroken ? this.props.fallback(this.retry) : this.props.children
  }
}
