package dev.holdfast.testkit;

import static dev.holdfast.test.time.VirtualHandlerThreads.sleep;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Job;
import dev.holdfast.JobContext;
import dev.holdfast.JobEvent;
import dev.holdfast.JobHandler;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.QueueStatus;
import dev.holdfast.RetryPolicy;
import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.spi.JobStore;
import dev.holdfast.test.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * The base of tests of the engine: a world, and methods for what happens in it. It uses a store in
 * memory, unless {@link #worldStore} returns another one.
 */
public abstract class EngineScene {
  static final Duration SECOND = Duration.ofSeconds(1);
  static final Duration MINUTE = Duration.ofMinutes(1);
  static final NodeConfig ONE_SLOT = NodeConfig.defaults().concurrency(1);
  static final HandlerPolicy STEADY = HandlerPolicy.defaults().retry(RetryPolicy.fixed(SECOND));

  World world;
  final List<String> heard = new ArrayList<>();

  /** A fresh, empty store for a world with this time; the world closes it. */
  @SuppressWarnings("exports") // virtual time is for tests of this build
  protected WorldStore worldStore(VirtualTime time) {
    return WorldStore.inMemory(time);
  }

  @BeforeEach
  final void begin() {
    world = newWorld(() -> Duration.ZERO, store -> store);
  }

  private World newWorld(Supplier<Duration> handOver, UnaryOperator<JobStore> ground) {
    return newWorld(handOver, ground, (process, store) -> store);
  }

  private World newWorld(
      Supplier<Duration> handOver, UnaryOperator<JobStore> ground, World.Links links) {
    return new World(
        new SplittableRandom(1), new VirtualTime(), this::worldStore, handOver, ground, links);
  }

  @AfterEach
  final void end() {
    world.close();
  }

  /** Begins again in a world over a changed store. */
  void replaceWorld(UnaryOperator<JobStore> ground) {
    world.close();
    world = newWorld(() -> Duration.ZERO, ground);
  }

  /** Begins again in a world where each process sees the store over a link of its own. */
  void replaceWorldWithLinks(World.Links links) {
    world.close();
    world = newWorld(() -> Duration.ZERO, store -> store, links);
  }

  /** Begins again in a world where it takes so long for a handler's thread to begin, or fails. */
  void replaceWorldWithThreads(Supplier<Duration> handOver) {
    world.close();
    world = newWorld(handOver, store -> store);
  }

  /** Node {@code a} runs jobs of type {@code t} in this way. */
  void handle(JobHandler<String> handler) {
    handle(handler, STEADY);
  }

  void handle(JobHandler<String> handler, HandlerPolicy policy) {
    handle(handler, policy, NodeConfig.defaults());
  }

  void handle(JobHandler<String> handler, HandlerPolicy policy, NodeConfig config) {
    world.handle("t", String.class, handler, policy);
    world.start("a", config);
  }

  static NewJob job() {
    return NewJob.of("t", "x");
  }

  JobId enqueue() {
    return enqueue(job());
  }

  JobId enqueue(NewJob job) {
    return world.queue().enqueue(job).id();
  }

  Job job(JobId id) {
    return world.job(id);
  }

  void advance(Duration duration) {
    world.advance(duration);
  }

  static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  List<JobState> history(JobId id) {
    return world.queue().events(id).stream().map(JobEvent::to).toList();
  }

  JobEvent lastEvent(JobId id) {
    List<JobEvent> events = world.queue().events(id);
    return events.get(events.size() - 1);
  }

  /** The node as the store shows it. */
  QueueStatus.Node node(String name) {
    return world.store().insights().status().nodes().stream()
        .filter(node -> node.id().equals(world.id(name)))
        .findFirst()
        .orElseThrow();
  }

  /** Sleeps for an hour, and says so when it is interrupted. */
  Object sleepLong(String payload, JobContext job) throws InterruptedException {
    try {
      sleep(Duration.ofHours(1));
      return payload;
    } catch (InterruptedException told) {
      heard.add("interrupted");
      throw told;
    }
  }

  /** Sleeps in small parts, and swallows every interrupt. */
  static Object sleepDeaf(Duration duration) {
    for (int i = 0; i < 100; i++) {
      try {
        sleep(duration.dividedBy(100));
      } catch (InterruptedException deaf) {
        // that is what deaf means
      }
    }
    return "late";
  }

  /** A time in which the store is unreachable. */
  static final class Outage {
    private boolean isNow;
    private boolean losesNext;
    private @Nullable Runnable late;

    void begin() {
      isNow = true;
    }

    void end() {
      isNow = false;
    }

    /** Loses the result of the next exchange before it is committed. */
    void loseNextExchange() {
      losesNext = true;
    }

    /** Commits the exchange whose result was lost. */
    void commitLate() {
      Objects.requireNonNull(late, "no exchange was lost").run();
      late = null;
    }

    /** Wraps the store, which is reachable outside the outage. */
    JobStore over(JobStore store) {
      return new StoreDecorator(store) {
        @Override
        public boolean hasUnsettled() {
          return late != null;
        }

        @Override
        <T> T call(String operation, Supplier<T> call) {
          if (isNow) {
            throw new StoreUnavailableException("down");
          }
          if (losesNext && operation.equals("exchange")) {
            losesNext = false;
            late =
                () -> {
                  T unused = call.get();
                };
            throw new StoreUnavailableException("the commit takes too long");
          }
          return call.get();
        }
      };
    }
  }
}
