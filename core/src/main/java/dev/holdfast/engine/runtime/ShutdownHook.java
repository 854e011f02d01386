package dev.holdfast.engine.runtime;

/** Runs an action when the process exits. */
final class ShutdownHook {
  private final Thread thread;

  private ShutdownHook(Thread thread) {
    this.thread = thread;
  }

  /** Adds a hook; does nothing when the process is already exiting. */
  static ShutdownHook add(Runnable action) {
    ShutdownHook hook = new ShutdownHook(Threads.daemon("shutdown", action));
    try {
      Runtime.getRuntime().addShutdownHook(hook.thread);
    } catch (IllegalStateException exiting) {
      // the code that exits has to close by itself
    }
    return hook;
  }

  /** Removes the hook; does nothing when the process is already exiting. */
  void remove() {
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException exiting) {
      // it runs, or has run
    }
  }
}
