package dev.holdfast.engine;

import dev.holdfast.Vitals;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.spi.Scheduler.Task;
import dev.holdfast.spi.TimeSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The duties of a node by name: starts, wakes and cancels them. Safe from any thread. */
final class NodeDuties {
  static final String HEARTBEAT = "heartbeat";
  static final String WORKER = "worker";
  static final String WATCH = "watch";
  static final String OUTPUT = "notes";
  static final String PROMOTER = "promoter";
  static final String SCHEDULES = "schedules";

  private final TimeSource time;
  private final Map<String, Task> byName = new ConcurrentHashMap<>();
  private final List<Task> others = new CopyOnWriteArrayList<>(); // than worker and heartbeat
  private final List<ObservedDuty> observed = new CopyOnWriteArrayList<>();

  NodeDuties(TimeSource time) {
    this.time = time;
  }

  /**
   * One row of a node's table of duties.
   *
   * @param isHousekeeping see {@link Duty#isHousekeeping}
   */
  record Entry(Scheduler thread, String name, Duty duty, boolean isHousekeeping) {}

  void start(Entry entry) {
    ObservedDuty duty = new ObservedDuty(entry.name, entry.duty, entry.isHousekeeping, time);
    observed.add(duty);
    Task task = entry.thread.schedule(entry.name, duty);
    byName.put(entry.name, task);
    if (!entry.name.equals(WORKER) && !entry.name.equals(HEARTBEAT)) {
      others.add(task);
    }
  }

  /** Runs a duty soon. One that has not been started yet will run at its start anyway. */
  void wake(String name) {
    task(name).wake();
  }

  private Task task(String name) {
    return byName.getOrDefault(name, Task.NONE);
  }

  /** Returns the last run of each duty. */
  List<Vitals.Duty> last() {
    return observed.stream().map(ObservedDuty::last).toList();
  }

  /** Ends all duties; the last of them is the heartbeat. A turn under way goes on. */
  void cancel() {
    others.forEach(Task::cancel);
    task(WORKER).cancel();
    task(HEARTBEAT).cancel();
  }
}
