package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.JobId;
import dev.holdfast.JobType;
import dev.holdfast.NodeId;
import dev.holdfast.engine.queue.StoreQueue;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.HandlerThreads;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Presence;
import dev.holdfast.test.memory.MemoryJobStore;
import dev.holdfast.test.time.MovableTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class SlotsTest {
  private final MovableTime time = new MovableTime();
  private final List<Acknowledgement> ends = new ArrayList<>();

  @Test
  @Tag("R-19")
  void a_handler_that_returns_in_the_moment_in_which_it_is_given_up_takes_no_capacity_with_it() {
    List<Slots> slots = new ArrayList<>();
    List<Attempt> attempts = new ArrayList<>();
    Consumer<Acknowledgement> onEnd =
        end -> {
          ends.add(end);
          slots.get(0).abandon(attempts.get(0));
        };
    slots.add(slots(attempt -> true, onEnd));
    attempts.add(attempt());

    slots.get(0).start(attempts);

    assertThat(ends).hasSize(1);
    assertThat(slots.get(0).unresponsive()).isZero();
    assertThat(slots.get(0).running()).isEmpty();
  }

  @Test
  @Tag("R-66")
  void a_clock_that_cannot_be_read_takes_no_slot_with_it() {
    Slots slots =
        slots(
            attempt -> {
              throw new IllegalStateException("too many open files");
            },
            ends::add);

    slots.start(List.of(attempt()));

    assertThat(slots.running()).isEmpty();
    assertThat(slots.all()).as("the next comparison with the store gives it back").isEmpty();
  }

  @Test
  @Tag("R-15")
  void a_permit_that_was_given_back_is_over() {
    List<Runnable> threads = new ArrayList<>();
    Slots slots = slots(new Later(threads), attempt -> true, ends::add);
    slots.start(List.of(attempt(1, Optional.empty())));
    slots.start(List.of(attempt(2, Optional.of(7L)), attempt(3, Optional.of(7L))));

    assertThat(slots.takeWaiting(Duration.ZERO)).hasSize(2);

    slots.start(List.of(attempt(4, Optional.of(7L))));
    threads.remove(0).run();
    assertThat(slots.running()).extracting(Attempt::id).containsExactly(new JobId(new UUID(1, 4)));
  }

  private Slots slots(Predicate<Attempt> trusted, Consumer<Acknowledgement> onEnd) {
    return slots(new OnThisThread(), trusted, onEnd);
  }

  private Slots slots(
      HandlerThreads threads, Predicate<Attempt> trusted, Consumer<Acknowledgement> onEnd) {
    return new Slots(1, threads, new Nowhere(), time, new Callbacks(trusted, onEnd));
  }

  private Attempt attempt() {
    return attempt(1, Optional.empty());
  }

  private Attempt attempt(long number, Optional<Long> line) {
    MemoryJobStore store = new MemoryJobStore(time);
    Handlers handlers = new Handlers(new JacksonCodec());
    handlers.add(
        JobType.of("t", String.class).policy(HandlerPolicy.defaults()), (payload, job) -> payload);
    Lease lease = new Lease(new JobId(new UUID(1, number)), 1, 1, new NodeId(new UUID(2, 2)));
    return new Attempt(
        new Claimed(
            lease,
            "default",
            "t",
            "\"x\"",
            1,
            4,
            0,
            Optional.empty(),
            Optional.empty(),
            line,
            false,
            Duration.ZERO),
        0,
        new NodeServices(
            store,
            new StoreQueue(
                store, handlers, time, new SplittableRandom(2), () -> null, Runnable::run),
            handlers,
            new TransitionPolicy(handlers, new Interruptions(handlers), new SplittableRandom(1)),
            new OutputFlush(store, time, () -> {}),
            time,
            new OnThisThread()));
  }

  /** A node that decides and hears as the test wants. */
  private record Callbacks(Predicate<Attempt> trusted, Consumer<Acknowledgement> onEnd)
      implements Slots.Listener {
    @Override
    public boolean mayBegin(Attempt attempt) {
      return trusted.test(attempt);
    }

    @Override
    public void began(Attempt attempt) {}

    @Override
    public void ended(Acknowledgement end) {
      onEnd.accept(end);
    }

    @Override
    public void freed() {}
  }

  /** Threads that come when the test lets them. */
  private record Later(List<Runnable> asked) implements HandlerThreads {
    @Override
    public void execute(Runnable attempt) {
      asked.add(attempt);
    }

    @Override
    public void pause(Duration duration) {}

    @Override
    public void close() {}
  }

  /** A thread that is there at once. */
  private static final class OnThisThread implements HandlerThreads {
    @Override
    public void execute(Runnable attempt) {
      attempt.run();
    }

    @Override
    public void pause(Duration duration) {}

    @Override
    public void close() {}
  }

  /** A presence that no other process sees. */
  private static final class Nowhere implements Presence {
    @Override
    public void begins(int slot, JobId job) {}

    @Override
    public void ends(int slot) {}

    @Override
    public void close() {}
  }
}
