package dev.holdfast.engine;

/** Runs something when the process exits. */
public final class ShutdownHook {
  private final Thread thread;

  private ShutdownHook(Thread thread) {
    this.thread = thread;
  }

  /** Adds a hook; nothing happens when the process is exiting already. */
  public static ShutdownHook add(Runnable action) {
    ShutdownHook hook = new ShutdownHook(Threads.daemon("shutdown", action));
    try {
      Runtime.getRuntime().addShutdownHook(hook.thread);
    } catch (IllegalStateException exiting) {
      // whoever exits has to close by itself
    }
    return hook;
  }

  /** Removes the hook; nothing happens when the process is exiting already. */
  public void remove() {
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException exiting) {
      // it runs, or has run
    }
  }
}
