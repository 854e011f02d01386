package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Enqueued;
import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.LogLine;
import dev.holdfast.NewJob;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.OnSignalTimeout;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.SignalWait;
import dev.holdfast.Vitals;
import dev.holdfast.engine.Handlers;
import dev.holdfast.engine.JacksonCodec;
import dev.holdfast.engine.queue.StoreQueue;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.LeaseRules;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.Orphan;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.ServedWork;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.StepWait;
import dev.holdfast.spi.Transition;
import dev.holdfast.test.time.MovableTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/**
 * The base of the chapters of {@link JobStoreContract}: the store under test, its clock, and short
 * methods for what a test does to it.
 */
@ExtendWith(StoreFixture.EnclosingPart.class)
abstract class StoreFixture {
  /** Gives a chapter the part of the contract that it is nested in. */
  static final class EnclosingPart implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
      return parameter.getParameter().getType() == JobStoreContract.Part.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
      return test.getRequiredTestInstances()
          .findInstance(JobStoreContract.Part.class)
          .orElseThrow();
    }
  }

  static final Duration LEASE = Duration.ofSeconds(15);
  static final Duration SECOND = Duration.ofSeconds(1);
  static final Failure BOOM = Failure.of(Failure.Kind.ERROR, "boom");
  static final String TYPE = "mail";
  static final String QUEUE = "default";
  static final int THREADS = 4;

  /** Their rules for lost leases. */
  static final LeaseRules RULES = new LeaseRules(5, 7, true);

  /** The work that the nodes of these tests run. */
  static final ServedWork SERVES =
      new ServedWork(
          List.of("default", "letters"),
          Map.of(TYPE, RecoveryPolicy.HOLD),
          Map.of(TYPE, RULES),
          Map.of("gpu", true, "formats", List.of("pdf")),
          7);

  /** The clock of the store under test. */
  final MovableTime time = new MovableTime();

  final SplittableRandom random = new SplittableRandom(42);
  final Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();
  final List<JobStore> opened = new ArrayList<>();
  final List<Presence> presences = new ArrayList<>();
  StoreUnderTest underTest;
  JobStore store;
  StoreQueue queue;

  /** Listens to the store under test. */
  final JobStore.Subscription subscribe(Consumer<Signal> listener) {
    try {
      underTest.awaitSilence();
    } catch (InterruptedException told) {
      throw new IllegalStateException(told);
    }
    return store.listen(listener);
  }

  @BeforeEach
  final void openStore(JobStoreContract.Part contract, @TempDir Path folder) {
    underTest = contract.storeUnderTest(folder);
    store = underTest.open(time);
    opened.add(store);
    queue = queueOver(store, random);
  }

  @AfterEach
  final void closeAndLookForLeaks() throws InterruptedException {
    presences.forEach(Presence::close);
    opened.forEach(JobStore::close);
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!threadsBefore.contains(thread) && thread.getName().startsWith("holdfast")) {
        thread.join(10_000);
        assertThat(thread.isAlive()).as("thread %s outlives its store", thread).isFalse();
      }
    }
    underTest.assertNothingLeaks();
  }

  JobStore other() {
    JobStore other = underTest.openAgain(time);
    opened.add(other);
    return other;
  }

  void die(NodeId node) {
    underTest.die(node);
  }

  long holds() {
    return underTest.holds();
  }

  long lanes() {
    return underTest.lanes();
  }

  StoreQueue queueOver(JobStore target, SplittableRandom ids) {
    return new StoreQueue(
        target,
        new Handlers(new JacksonCodec()),
        time,
        ids,
        () -> {
          throw new IllegalStateException("nobody waits here");
        },
        Runnable::run);
  }

  // What the tests above say in one word each.

  static NewJob mail() {
    return NewJob.of(TYPE, "ada");
  }

  JobId enqueue(NewJob job) {
    return queue.enqueue(job).id();
  }

  List<JobId> ids(int count) {
    List<NewJob> asked = IntStream.range(0, count).mapToObj(i -> mail()).toList();
    return queue.enqueue(asked).stream().map(Enqueued::id).toList();
  }

  static List<JobId> ids(List<Claimed> claimed) {
    return claimed.stream().map(one -> one.lease().job()).toList();
  }

  Job job(JobId id) {
    return store.find(id).orElseThrow();
  }

  JobEvent lastEvent(JobId id) {
    List<JobEvent> events = store.events(id);
    return events.get(events.size() - 1);
  }

  /** The states of a job's history, which is checked to have no gap and no forbidden step. */
  List<JobState> path(JobId id) {
    List<JobEvent> events = store.events(id);
    Optional<JobState> before = Optional.empty();
    for (JobEvent event : events) {
      assertThat(event.from()).as("history of %s: %s", id, events).isEqualTo(before);
      before.ifPresent(
          from ->
              assertThat(from.mayBecome(event.to()) || isReplacement(event))
                  .as("history of %s: %s to %s", id, from, event.to())
                  .isTrue());
      before = Optional.of(event.to());
    }
    assertThat(before).as("history of %s: %s", id, events).contains(job(id).state());
    return events.stream().map(JobEvent::to).toList();
  }

  /** The only change that may leave the state as it is. */
  private static boolean isReplacement(JobEvent event) {
    return event.why().startsWith("replaced: ") && event.from().equals(Optional.of(event.to()));
  }

  NodeId register(String name) {
    NodeInfo info = nodeInfo(name);
    presences.add(store.nodes().register(info, SERVES, LEASE));
    return info.id();
  }

  NodeId registerRemote(String name) {
    NodeInfo info = nodeInfo(name);
    store.nodes().registerRemote(info, SERVES, LEASE);
    return info.id();
  }

  private NodeInfo nodeInfo(String name) {
    NodeId id = new NodeId(new UUID(random.nextLong(), random.nextLong()));
    return new NodeInfo(id, name, "host-" + name, 4711, 1, "boot", "pid:[1]", "test");
  }

  static Orphan orphan(Claimed job, boolean began, String cause) {
    Death death = Death.proven(job.lease().node(), cause);
    Orphan.Said said = new Orphan.Said(Optional.of(RecoveryPolicy.HOLD), RULES, LEASE);
    Orphan.History history = new Orphan.History(job.crashes(), 0, 0);
    return new Orphan(job.lease(), job.type(), history, began, false, said, death);
  }

  static Claim claimOf(NodeId node, int limit) {
    return new Claim(node, List.of(), Set.of(TYPE), limit);
  }

  Exchange exchange(List<Acknowledgement> ends, Claim claim) {
    return store.exchange(ends, claim);
  }

  List<Claimed> claim(NodeId node, int limit) {
    return claim(store, node, limit);
  }

  static List<Claimed> claim(JobStore handle, NodeId node, int limit) {
    return handle.exchange(List.of(), claimOf(node, limit)).claimed();
  }

  Claimed claimOne(NodeId node) {
    List<Claimed> claimed = claim(node, 1);
    assertThat(claimed).hasSize(1);
    return claimed.get(0);
  }

  /** Claims this job, of any type. */
  Claimed claimAny(JobId id) {
    Set<String> types = Set.of(job(id).type());
    NodeId node = new NodeId(new UUID(8, 8));
    List<Claimed> claimed = exchange(List.of(), new Claim(node, List.of(), types, 1)).claimed();
    assertThat(ids(claimed)).containsExactly(id);
    return claimed.get(0);
  }

  static Acknowledgement end(Claimed claimed, Transition transition) {
    return new Acknowledgement(
        claimed.lease(), transition, Duration.ZERO, HandlerOutput.none(claimed.lease()));
  }

  void acknowledge(Claimed claimed, Transition transition) {
    acknowledge(claimed, transition, Duration.ZERO);
  }

  void acknowledge(Claimed claimed, Transition transition, Duration ran) {
    Lease lease = claimed.lease();
    Acknowledgement end = new Acknowledgement(lease, transition, ran, HandlerOutput.none(lease));
    assertThat(acknowledge(store, end)).isEmpty();
  }

  /**
   * Acknowledges as a worker does: again for as long as it is set aside, because others hold rows.
   *
   * @return the lease, if it was stale
   */
  static List<Lease> acknowledge(JobStore handle, Acknowledgement end) {
    Claim nothing = claimOf(end.lease().node(), 0);
    Exchange answer = handle.exchange(List.of(end), nothing);
    while (!answer.setAside().isEmpty()) {
      answer = handle.exchange(List.of(end), nothing);
    }
    return answer.stale();
  }

  static Transition complete() {
    return new Transition.Complete(Optional.of("1"));
  }

  static List<Transition> everyTransition() {
    List<Transition> all =
        List.of(
            complete(),
            new Transition.Retry(SECOND, BOOM),
            new Transition.Snooze(SECOND),
            new Transition.Await(new SignalWait("go", SECOND, OnSignalTimeout.RUN)),
            new Transition.Suspend(StepWait.sleep("nap", SECOND)),
            new Transition.Suspend(StepWait.signal("go", SECOND)),
            new Transition.Fail(BOOM),
            new Transition.Release("back"),
            new Transition.Hold("aside"));
    assertThat(all).extracting(Transition::kind).containsExactly(Transition.Kind.values());
    return all;
  }

  static Rescue rescue(Claimed claimed, Transition transition, boolean crashed) {
    Death death = Death.proven(claimed.lease().node(), "gone");
    return Rescue.after(death, claimed.lease(), transition, crashed);
  }

  LogLine line(JobId id, Level level, String message) {
    return new LogLine(id, 1, time.now(), level, message, Optional.empty());
  }

  static List<JobState> reachable() {
    return List.of(JobState.values());
  }

  /** A job that was brought into this state, without touching any other. */
  JobId jobIn(JobState state) {
    String type = "in-" + state + "-" + random.nextInt(1_000_000);
    NewJob asked = NewJob.of(type, 1);
    if (state == JobState.SCHEDULED) {
      return enqueue(asked.in(Duration.ofDays(10)));
    }
    if (state == JobState.BLOCKED) {
      return enqueue(asked.after(enqueue(asked.in(Duration.ofDays(10)))));
    }
    JobId id = enqueue(asked);
    if (state == JobState.PENDING) {
      return id;
    }
    if (state == JobState.CANCELLED) {
      store.cancel(List.of(id), "test");
      return id;
    }
    Claimed claimed = claimAny(id);
    switch (state) {
      case RUNNING -> {}
      case COMPLETED -> acknowledge(claimed, complete());
      case FAILED -> acknowledge(claimed, new Transition.Fail(BOOM));
      case INTERRUPTED -> acknowledge(claimed, new Transition.Hold("test"));
      default -> throw new IllegalArgumentException("no way to " + state);
    }
    return id;
  }

  void completed(JobId id) {
    Claimed claimed = claimOne(register("completer"));
    assertThat(claimed.lease().job()).isEqualTo(id);
    acknowledge(claimed, complete());
  }

  NodeCommand beat(NodeId node) {
    return store.nodes().heartbeat(node, LEASE, NodePhase.RUNNING, Vitals.none());
  }

  NodeSeen seen(NodeId id) {
    return store.nodes().seen().stream()
        .filter(node -> node.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  static <T> List<T> atOnce(List<Callable<T>> calls) {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<T> answers = new ArrayList<>();
      for (Future<T> answer : threads.invokeAll(calls)) {
        answers.add(answer.get());
      }
      return answers;
    } catch (Exception failure) {
      throw new AssertionError("a concurrent call failed", failure);
    } finally {
      threads.shutdownNow();
    }
  }
}
