package dev.holdfast.spi;

/** Runs duties on a thread of its own, or in the virtual time of a simulation. */
public interface Scheduler extends AutoCloseable {

  /**
   * Runs {@code duty} soon for the first time, then after the delay that it returned.
   *
   * @param name for logs and health
   */
  Task schedule(String name, Duty duty);

  /** Ends all duties; returns when none is running. */
  @Override
  void close();

  /** A scheduled duty. */
  interface Task {
    /** A placeholder for a task that has not been scheduled yet. */
    Task NONE =
        new Task() {
          @Override
          public void wake() {}

          @Override
          public void cancel() {}
        };

    /** Runs the duty as soon as possible; a wake-up during a run causes another run. */
    void wake();

    /** Ends the duty; returns at once, and a run under way continues. */
    void cancel();
  }
}
