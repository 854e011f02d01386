package dev.holdfast.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobQueue;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeConfig;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.Vitals;
import dev.holdfast.engine.Handlers;
import dev.holdfast.engine.JacksonCodec;
import dev.holdfast.engine.Node;
import dev.holdfast.engine.NodeSetup;
import dev.holdfast.engine.queue.StoreQueue;
import dev.holdfast.engine.runtime.Platform;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.test.memory.MemoryJobStore;
import dev.holdfast.test.time.MovableTime;
import dev.holdfast.test.time.VirtualHandlerThreads;
import dev.holdfast.test.time.VirtualProcess;
import dev.holdfast.test.time.VirtualTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Heartbeats of a node that are answered late. */
@Tag("R-58")
final class NodeHeartbeatTest {
  private static final NodeInfo INFO =
      new NodeInfo(new NodeId(new UUID(1, 1)), "a", "host", 1, 1, "boot", "", "test");

  private final MovableTime time = new MovableTime();
  private final Map<String, TurnedByHand> tasks = new HashMap<>();
  private Duration answerTakes = Duration.ZERO;

  private final StoreDecorator store =
      new StoreDecorator(new MemoryJobStore(time)) {
        @Override
        public NodeCommand heartbeat(NodeId node, Duration lease, NodePhase phase, Vitals vitals) {
          time.advance(answerTakes);
          return super.heartbeat(node, lease, phase, vitals);
        }
      };

  /** A duty that runs when the test lets it. */
  private static final class TurnedByHand implements Scheduler.Task {
    private final Duty duty;
    private int wakes;

    TurnedByHand(Duty duty) {
      this.duty = duty;
    }

    @Override
    public void wake() {
      wakes++;
    }

    @Override
    public void cancel() {}
  }

  private final Scheduler byHand =
      new Scheduler() {
        @Override
        public Task schedule(String name, Duty duty) {
          TurnedByHand task = new TurnedByHand(duty);
          tasks.put(name, task);
          return task;
        }

        @Override
        public void close() {}
      };

  private void startNode() {
    Platform platform =
        new Platform(
            time,
            new SplittableRandom(1),
            byHand,
            byHand,
            byHand,
            byHand,
            byHand,
            byHand,
            new VirtualHandlerThreads(new VirtualTime(), new VirtualProcess("a")));
    Handlers handlers = new Handlers(new JacksonCodec());
    JobQueue queue =
        new StoreQueue(store, handlers, time, platform.random(), () -> byHand, Runnable::run);
    Node unused =
        Node.start(
            INFO,
            NodeConfig.defaults().lease(Duration.ofSeconds(15)),
            new NodeSetup(store, queue, handlers, platform),
            (ends, stale) -> {});
  }

  private TurnedByHand task(String name) {
    return requireNonNull(tasks.get(name));
  }

  @Test
  void one_that_began_in_time_and_was_answered_after_the_trusted_time_wakes_the_worker() {
    startNode();
    Duration unused = task("heartbeat").duty.run();
    int before = task("worker").wakes;

    answerTakes = Duration.ofSeconds(13);
    unused = task("heartbeat").duty.run();

    assertThat(task("worker").wakes).isGreaterThan(before);
  }

  @Test
  void one_that_is_answered_in_time_does_not() {
    startNode();
    Duration unused = task("heartbeat").duty.run();
    int before = task("worker").wakes;

    answerTakes = Duration.ofSeconds(11);
    unused = task("heartbeat").duty.run();

    assertThat(task("worker").wakes).isEqualTo(before);
  }
}
