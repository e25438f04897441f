import { Component, type ReactNode } from 'react';
import { ErrorNote } from './states.tsx';

/** A page that breaks leaves the rest standing. A new `place` is a new try. */
export class Boundary extends Component<
  { readonly place: string; readonly children: ReactNode },
  { readonly error: unknown; readonly place: string }
> {
  override state = { error: null, place: this.props.place };

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  static getDerivedStateFromProps(
    props: { readonly place: string },
    state: { readonly place: string },
  ): { readonly error: null; readonly place: string } | null {
    return props.place === state.place ? null : { error: null, place: props.place };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return (
      <div className="mx-auto max-w-xl p-8">
        <h1 className="mb-4 text-title font-semibold">Something went wrong on this page</h1>
        <ErrorNote error={this.state.error} onRetry={() => window.location.reload()} />
      </div>
    );
  }
}
