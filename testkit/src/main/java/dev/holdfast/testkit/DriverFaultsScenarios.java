package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ClaimOrder;
import dev.holdfast.Enqueued;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.LogFilter;
import dev.holdfast.NewJob;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.PageRequest;
import dev.holdfast.Retention;
import dev.holdfast.Schedule;
import dev.holdfast.ScheduleFire;
import dev.holdfast.Transaction;
import dev.holdfast.Waits;
import dev.holdfast.error.StorageException;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.Fire;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.record.Archive;
import dev.holdfast.spi.record.EncodedUpdate;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.record.JobRecord;
import dev.holdfast.spi.record.Move;
import dev.holdfast.spi.record.ScheduleRecord;
import dev.holdfast.spi.server.Happening;
import dev.holdfast.spi.server.Webhook;
import dev.holdfast.spi.server.WebhookDelivery;
import dev.holdfast.spi.server.WebhookEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.event.Level;

/** The kinds of transactions of a store, each with what must be true once it has been repeated. */
final class DriverFaultsScenarios {
  private static final int LEFT_MAX = 100;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** One kind of transaction. */
  interface Scenario {
    /** Creates what the transaction needs. */
    Attempt prepare();

    /**
     * One transaction.
     *
     * @param call makes the call; repeated after a failure
     * @param check the assertions after it
     */
    record Attempt(Runnable call, Runnable check) {}
  }

  /** Connects as a caller. */
  interface Connector {
    Connection connect() throws SQLException;
  }

  private final StoreFixture fixture;
  private final Connector connector;
  private final Function<Connection, Transaction> transactions;
  private int round;

  DriverFaultsScenarios(
      StoreFixture fixture, Connector connector, Function<Connection, Transaction> transactions) {
    this.fixture = fixture;
    this.connector = connector;
    this.transactions = transactions;
  }

  Map<String, Scenario> all() {
    Map<String, Scenario> all = new LinkedHashMap<>();
    all.put("enqueue", this::enqueue);
    all.put("enqueue in a caller's transaction", this::enqueueInTransaction);
    all.put("exchange", this::exchange);
    all.put("exchange of every end", this::everyEnd);
    all.put("limited claim", this::limitedClaim);
    all.put("heartbeat", this::heartbeat);
    all.put("register and deregister", this::register);
    all.put("rescue", this::rescue);
    all.put("promote", this::promote);
    all.put("fire", this::fire);
    all.put("trigger", this::trigger);
    all.put("sweep", this::sweep);
    all.put("note", this::note);
    all.put("checkpoint", this::checkpoint);
    all.put("cancel", () -> operated(JobState.PENDING, this::cancel, JobState.CANCELLED));
    all.put(
        "cancel a running job", () -> operated(JobState.RUNNING, this::cancel, JobState.CANCELLED));
    all.put(
        "retry",
        () ->
            operated(
                JobState.FAILED, id -> fixture.store.retry(List.of(id), "ops"), JobState.PENDING));
    all.put(
        "resume",
        () ->
            operated(
                JobState.INTERRUPTED,
                id -> fixture.store.resume(List.of(id), "ops"),
                JobState.PENDING));
    all.put(
        "move",
        () ->
            operated(
                JobState.PENDING,
                id -> fixture.store.move(List.of(id), "letters"),
                JobState.PENDING));
    all.put("delete", this::delete);
    all.put("replace", this::replace);
    all.put("signal", this::signal);
    all.put("settings of a queue", this::configure);
    all.put("webhook", this::webhook);
    all.put("archive", this::archive);
    all.put("reads", this::reads);
    DriverFaultsMore more = new DriverFaultsMore(fixture);
    all.put("bulk operation", more::bulkOperation);
    all.put("step", more::step);
    all.put("tokens", more::tokens);
    all.put("keys and alerts", more::server);
    all.put("muted failures", more::mutedFailures);
    all.put("reads of operators", more::readsOfOperators);
    all.put("upkeep", more::upkeep);
    all.put("schedules", more::schedules);
    return all;
  }

  private String type() {
    return "t" + round++;
  }

  /** Deletes what is left, so that the last attempt has as much to read as the first one. */
  void tidyUp() {
    List<JobId> left =
        fixture.store.list(JobFilter.all(), PageRequest.first(LEFT_MAX)).stream()
            .map(Job::id)
            .toList();
    fixture.store.cancel(left, "test");
    fixture.store.delete(left);
  }

  private Scenario.Attempt attempt(Runnable call, Runnable check) {
    return new Scenario.Attempt(call, check);
  }

  private JobState state(JobId id) {
    return fixture.job(id).state();
  }

  private NodeId node() {
    return new NodeId(new UUID(fixture.random.nextLong(), fixture.random.nextLong()));
  }

  /** Claims and completes all jobs of a type, which must be these. */
  private void finish(String type, List<JobId> expected) {
    NodeId node = node();
    Set<JobId> done = new HashSet<>();
    Claim claim = new Claim(node, List.of(), Set.of(type), 100);
    List<Claimed> claimed = fixture.store.exchange(List.of(), claim).claimed();
    while (!claimed.isEmpty()) {
      List<Acknowledgement> ends =
          claimed.stream().map(one -> StoreFixture.end(one, StoreFixture.complete())).toList();
      claimed.forEach(one -> assertThat(done.add(one.lease().job())).isTrue());
      Exchange next = fixture.store.exchange(ends, claim);
      assertThat(next.stale()).isEmpty();
      claimed = next.claimed();
    }
    assertThat(done).as("jobs that could still be run").isEqualTo(Set.copyOf(expected));
    expected.forEach(id -> assertThat(state(id)).isEqualTo(JobState.COMPLETED));
  }

  private List<Claimed> claimed(String type, NodeId node, int count) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(NewJob.of(type, i));
    }
    fixture.queue.enqueue(jobs);
    List<Claimed> claimed =
        fixture
            .store
            .exchange(List.of(), new Claim(node, List.of(), Set.of(type), count))
            .claimed();
    assertThat(claimed).hasSize(count);
    return claimed;
  }

  private Scenario.Attempt enqueue() {
    String type = type();
    JobId first = fixture.queue.newId();
    List<NewJob> jobs =
        List.of(
            NewJob.of(type, "a").withId(first).unique("key-" + type),
            NewJob.of(type, "b").withId(fixture.queue.newId()).priority(5),
            NewJob.of(type, "c").withId(fixture.queue.newId()).after(first));
    List<JobId> ids = jobs.stream().map(job -> job.id().orElseThrow()).toList();
    return attempt(
        () ->
            assertThat(fixture.queue.enqueue(jobs).stream().map(Enqueued::id).toList())
                .isEqualTo(ids),
        () -> finish(type, ids));
  }

  private Scenario.Attempt enqueueInTransaction() {
    String type = type();
    JobId inside = fixture.queue.newId();
    JobId after = fixture.queue.newId();
    return attempt(
        () -> {
          inTransaction(NewJob.of(type, "a").withId(inside));
          fixture.queue.enqueue(NewJob.of(type, "b").withId(after));
        },
        () -> finish(type, List.of(inside, after)));
  }

  private void inTransaction(NewJob job) {
    try (Connection connection = connector.connect()) {
      connection.setAutoCommit(false);
      fixture.queue.in(transactions.apply(connection)).enqueue(job);
      connection.commit();
    } catch (SQLException callersOwn) {
      throw new StorageException("the caller's own transaction failed", callersOwn);
    }
  }

  /**
   * An exchange as a worker makes it: unconfirmed acknowledgements are sent again, and unknown
   * claims are given back.
   */
  private Scenario.Attempt exchange() {
    String ends = type();
    String begins = type();
    NodeId node = node();
    List<Claimed> running = claimed(ends, node, 2);
    List<JobId> waiting =
        fixture.queue.enqueue(List.of(NewJob.of(begins, 1), NewJob.of(begins, 2))).stream()
            .map(Enqueued::id)
            .toList();
    List<Claimed> here = new ArrayList<>();
    return attempt(
        () -> {
          List<Acknowledgement> all = new ArrayList<>();
          running.forEach(one -> all.add(StoreFixture.end(one, StoreFixture.complete())));
          Set<Lease> known = new HashSet<>(running.stream().map(Claimed::lease).toList());
          fixture.store.nodes().held(node).stream()
              .filter(lease -> !known.contains(lease))
              .forEach(lease -> all.add(Acknowledgement.unbegun(lease)));
          Exchange exchange =
              fixture.store.exchange(all, new Claim(node, List.of(), Set.of(begins), 1));
          assertThat(exchange.stale()).isEmpty();
          here.addAll(exchange.claimed());
        },
        () -> {
          running.forEach(
              one -> assertThat(state(one.lease().job())).isEqualTo(JobState.COMPLETED));
          assertThat(fixture.store.nodes().held(node))
              .containsExactlyElementsOf(here.stream().map(Claimed::lease).toList());
          fixture.store.exchange(
              here.stream().map(one -> Acknowledgement.unbegun(one.lease())).toList(),
              new Claim(node, List.of(), Set.of(begins), 0));
          finish(begins, waiting);
        });
  }

  private Scenario.Attempt everyEnd() {
    String type = type();
    NodeId node = node();
    List<Transition> transitions = StoreFixture.everyTransition();
    List<Claimed> running = claimed(type, node, transitions.size());
    List<Acknowledgement> ends = new ArrayList<>();
    for (int i = 0; i < running.size(); i++) {
      Lease lease = running.get(i).lease();
      HandlerOutput notes =
          new HandlerOutput(
              lease, List.of(fixture.line(lease.job(), Level.INFO, "said")), Optional.empty());
      ends.add(new Acknowledgement(lease, transitions.get(i), Duration.ZERO, notes));
    }
    return attempt(
        () ->
            assertThat(
                    fixture
                        .store
                        .exchange(ends, new Claim(node, List.of(), Set.of(type), 0))
                        .stale())
                .isEmpty(),
        () -> {
          for (Acknowledgement end : ends) {
            JobId id = end.lease().job();
            assertThat(state(id)).isEqualTo(end.transition().kind().to());
            assertThat(fixture.store.logs(LogFilter.of(id))).hasSize(1);
          }
          fixture.store.cancel(ends.stream().map(end -> end.lease().job()).toList(), "test");
        });
  }

  private Scenario.Attempt limitedClaim() {
    String type = type();
    String queue = "limited";
    fixture.store.queues().configure(queue, all -> all.concurrency(2));
    List<JobId> waiting =
        fixture
            .queue
            .enqueue(List.of(NewJob.of(type, 1).on(queue), NewJob.of(type, 2).on(queue)))
            .stream()
            .map(Enqueued::id)
            .toList();
    NodeId node = node();
    return attempt(
        () -> {
          List<Acknowledgement> unknown =
              fixture.store.nodes().held(node).stream().map(Acknowledgement::unbegun).toList();
          Claim claim = new Claim(node, List.of(queue), Set.of(type), 2);
          assertThat(fixture.store.exchange(unknown, claim).claimed()).hasSize(2);
        },
        () -> {
          fixture.store.exchange(
              fixture.store.nodes().held(node).stream().map(Acknowledgement::unbegun).toList(),
              new Claim(node, List.of(queue), Set.of(type), 0));
          finish(type, waiting);
        });
  }

  private Scenario.Attempt heartbeat() {
    NodeId node = fixture.registerRemote("node" + round++);
    return attempt(
        () -> assertThat(fixture.beat(node)).isEqualTo(NodeCommand.RUN),
        () -> {
          assertThat(fixture.seen(node).id()).isEqualTo(node);
          fixture.store.nodes().deregister(node);
        });
  }

  private Scenario.Attempt register() {
    List<NodeId> nodes = new ArrayList<>();
    return attempt(
        () -> {
          NodeId node = fixture.registerRemote("node" + round++);
          nodes.add(node);
          fixture.store.nodes().command(NodeCommand.DRAIN, List.of(node));
          fixture.store.nodes().deregister(node);
        },
        () -> {
          NodeId last = nodes.get(nodes.size() - 1);
          assertThat(fixture.store.nodes().seen()).noneMatch(seen -> seen.id().equals(last));
        });
  }

  private Scenario.Attempt rescue() {
    String type = type();
    NodeId node = node();
    Claimed running = claimed(type, node, 1).get(0);
    JobId id = running.lease().job();
    return attempt(
        () -> {
          if (state(id) == JobState.RUNNING) {
            List<Lease> rescued =
                fixture
                    .store
                    .recovery()
                    .rescue(
                        List.of(StoreFixture.rescue(running, new Transition.Release("gone"), true)),
                        "test");
            assertThat(rescued).hasSize(1);
          }
        },
        () -> {
          assertThat(fixture.job(id).crashes()).isEqualTo(1);
          finish(type, List.of(id));
        });
  }

  private Scenario.Attempt promote() {
    String type = type();
    JobId id = fixture.enqueue(NewJob.of(type, 1).in(StoreFixture.SECOND));
    fixture.time.advance(Duration.ofSeconds(2));
    return attempt(() -> fixture.store.promote(100), () -> finish(type, List.of(id)));
  }

  private JobDraft draft(String type) {
    return new JobDraft(
        fixture.queue.newId(),
        "default",
        type,
        "1",
        1,
        0,
        Optional.empty(),
        Optional.empty(),
        4,
        Optional.empty(),
        Optional.empty(),
        NewJob.DEFAULT_KEY_KEPT,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Waits.none());
  }

  private Scenario.Attempt fire() {
    String type = type();
    String name = "s-" + type;
    fixture.queue.schedules().put(Schedule.every(name, MINUTE, NewJob.of(type, 1)));
    ScheduleRecord schedule = fixture.store.schedules().find(name).orElseThrow();
    Instant slot = schedule.nextSlot().orElseThrow();
    JobDraft draft = draft(type);
    fixture.time.advance(MINUTE);
    Fire fire =
        new Fire(
            name,
            schedule.version(),
            slot,
            Optional.of(slot.plus(MINUTE)),
            List.of(new Fire.Slot(slot, ScheduleFire.Kind.ON_TIME, Optional.of(draft))));
    return attempt(
        () -> fixture.store.schedules().fire(fire),
        () -> {
          assertThat(fixture.store.schedules().fires(name, 10)).hasSize(1);
          fixture.store.schedules().remove(name);
          finish(type, List.of(draft.id()));
        });
  }

  private Scenario.Attempt trigger() {
    String type = type();
    String name = "s-" + type;
    fixture.queue.schedules().put(Schedule.every(name, MINUTE, NewJob.of(type, 1)));
    JobDraft draft = draft(type);
    Instant slot = fixture.store.schedules().now();
    return attempt(
        () -> fixture.store.schedules().trigger(name, slot, draft),
        () -> {
          fixture.store.schedules().pause(name);
          fixture.store.schedules().remove(name);
          finish(type, List.of(draft.id()));
        });
  }

  private Scenario.Attempt sweep() {
    String type = type();
    JobId id = fixture.enqueue(NewJob.of(type, 1));
    finish(type, List.of(id));
    fixture.time.advance(Duration.ofDays(30));
    return attempt(
        () -> {
          Optional<JobId> from = Optional.empty();
          do {
            from = fixture.store.maintenance().sweep(Retention.defaults(), from, 1_000).next();
          } while (from.isPresent());
        },
        () -> assertThat(fixture.store.find(id)).isEmpty());
  }

  private Scenario.Attempt note() {
    String type = type();
    Lease lease = claimed(type, node(), 1).get(0).lease();
    HandlerOutput notes =
        new HandlerOutput(
            lease, List.of(fixture.line(lease.job(), Level.INFO, "said")), Optional.empty());
    return attempt(
        () -> fixture.store.note(List.of(notes)),
        () -> {
          assertThat(fixture.store.logs(LogFilter.of(lease.job()))).isNotEmpty();
          fixture.store.cancel(List.of(lease.job()), "test");
        });
  }

  private Scenario.Attempt checkpoint() {
    String type = type();
    Lease lease = claimed(type, node(), 1).get(0).lease();
    return attempt(
        () -> fixture.store.checkpoint(lease, "page", Optional.of("17")),
        () -> {
          assertThat(fixture.store.checkpoints(lease.job())).containsEntry("page", "17");
          fixture.store.cancel(List.of(lease.job()), "test");
        });
  }

  private List<Changed> cancel(JobId id) {
    return fixture.store.cancel(List.of(id), "ops");
  }

  private Scenario.Attempt operated(
      JobState from, Function<JobId, List<Changed>> operation, JobState to) {
    JobId id = fixture.jobIn(from);
    return attempt(
        () -> assertThat(operation.apply(id)).hasSize(1),
        () -> {
          assertThat(state(id)).isEqualTo(to);
          fixture.path(id);
          fixture.store.cancel(List.of(id), "test");
        });
  }

  private Scenario.Attempt delete() {
    JobId id = fixture.jobIn(JobState.PENDING);
    return attempt(
        () -> fixture.store.delete(List.of(id)),
        () -> assertThat(fixture.store.find(id)).isEmpty());
  }

  private Scenario.Attempt replace() {
    String type = type();
    JobId id = fixture.enqueue(NewJob.of(type, 1));
    EncodedUpdate amendment =
        new EncodedUpdate(Optional.of("2"), 1, Optional.of(9), Optional.empty(), Optional.empty());
    return attempt(
        () -> fixture.store.amend(id, amendment, "ops"),
        () -> {
          assertThat(fixture.job(id).payload()).isEqualTo("2");
          finish(type, List.of(id));
        });
  }

  private Scenario.Attempt signal() {
    String type = type();
    JobId id = fixture.enqueue(NewJob.of(type, 1).untilSignal("go", MINUTE));
    return attempt(
        () -> fixture.store.signal(id, "go", "1", "ops"),
        () -> {
          assertThat(fixture.store.signal(id, "go")).contains("1");
          finish(type, List.of(id));
        });
  }

  /** A switch of one queue and type, as the work grows with their number. */
  private Scenario.Attempt configure() {
    String queue = "configured";
    String type = "configured";
    JobId id = fixture.enqueue(NewJob.of(type, 1).on(queue));
    ClaimOrder order = round++ % 2 == 0 ? ClaimOrder.LIFO : ClaimOrder.FIFO;
    return attempt(
        () -> {
          fixture.store.queues().configure(queue, all -> all.order(order));
          fixture.store.queues().limitType(type, 3);
          fixture.store.queues().pause(queue, "ops");
          fixture.store.queues().resume(queue);
        },
        () -> {
          assertThat(fixture.store.queues().settings(queue).order()).isEqualTo(order);
          assertThat(fixture.store.queues().typeLimits()).containsEntry(type, 3);
          finish(type, List.of(id));
          fixture.store.queues().limitType(type, null);
        });
  }

  private Scenario.Attempt webhook() {
    String id = "w" + round++;
    String type = type();
    Webhook webhook =
        new Webhook(
            id,
            "https://example.com/" + id,
            "whsec_c2VjcmV0",
            Optional.empty(),
            EnumSet.allOf(WebhookEvent.class),
            Optional.empty(),
            Optional.of("none"),
            Optional.empty(),
            true,
            "ada");
    JobDraft draft = draft(type);
    return attempt(
        () -> {
          fixture.store.server().webhooks().put(webhook);
          fixture.store.server().webhooks().tell(id, Happening.of(WebhookEvent.TEST, "1", "{}"));
          for (WebhookDelivery waiting : fixture.store.server().webhooks().waiting(10)) {
            fixture.store.server().webhooks().enqueue(waiting.number(), draft);
          }
        },
        () -> {
          assertThat(fixture.store.server().webhooks().deliveries(id, Optional.empty(), 10))
              .hasSize(1);
          fixture.store.server().webhooks().remove(id);
          finish(type, List.of(draft.id()));
        });
  }

  private Scenario.Attempt archive() {
    String type = type();
    JobId id = fixture.enqueue(NewJob.of(type, 1));
    Archive archive = fixture.store.maintenance().archive();
    List<JobRecord> records = archive.records(id, id);
    fixture.store.delete(List.of(id));
    return attempt(
        () -> {
          archive.fence(new Move(Move.Direction.COMING, "elsewhere"));
          archive.fill(records, List.of());
          archive.unfence();
          archive.load(records, "ada", "moved");
        },
        () -> {
          assertThat(archive.move()).isEmpty();
          finish(type, List.of(id));
        });
  }

  private Scenario.Attempt reads() {
    String type = type();
    JobId id = fixture.enqueue(NewJob.of(type, 1));
    return attempt(
        () -> {
          assertThat(fixture.store.find(id)).isPresent();
          assertThat(fixture.store.list(JobFilter.all(), PageRequest.first(5))).isNotEmpty();
          assertThat(fixture.store.events(id)).hasSize(1);
          assertThat(fixture.store.queues().list()).isNotEmpty();
          assertThat(fixture.store.maintenance().archive().records(id, id)).hasSize(1);
          assertThat(fixture.store.insights().situation(id)).isPresent();
          assertThat(fixture.store.insights().status()).isNotNull();
        },
        () -> finish(type, List.of(id)));
  }
}
