package dev.holdfast.engine.queue;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Explanation;
import dev.holdfast.Explanation.Code;
import dev.holdfast.Explanation.Reason;
import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.OnPredecessorFailure;
import dev.holdfast.OnSignalTimeout;
import dev.holdfast.Predecessor;
import dev.holdfast.QueuePause;
import dev.holdfast.QueueStatus;
import dev.holdfast.QueueStatus.Liveness;
import dev.holdfast.Vitals;
import dev.holdfast.spi.Situation;
import dev.holdfast.spi.record.JobRecord;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each reason has a scene in which it is given; one without a scene fails the test. */
@Tag("R-36")
final class ExplainerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final NodeId NODE = new NodeId(new UUID(7, 7));
  private static final Failure BOOM = Failure.of(Failure.Kind.ERROR, "boom");
  private static final JobId PREDECESSOR = new JobId(new UUID(5, 5));

  /**
   * A situation in which a job is given a reason.
   *
   * @param also its other reasons
   * @param words some that the sentence must have
   * @param advice a part of it; empty for none
   */
  private record Scene(Situation situation, List<Code> also, String words, String advice) {}

  private static final Map<Code, Scene> SCENES = scenes();

  private static Map<Code, Scene> scenes() {
    Map<Code, Scene> scenes = new EnumMap<>(Code.class);
    Instant soon = NOW.plusSeconds(90);
    Instant before = NOW.minusSeconds(90);
    scenes.put(
        Code.WAITS_FOR_TIME,
        scene(job(JobState.SCHEDULED).runAt(soon), "at 2026-01-01T12:01:30Z, in 1m 30s", ""));
    scenes.put(
        Code.WAITS_FOR_RETRY,
        scene(
            job(JobState.SCHEDULED).runAt(soon).attempt(2).failure(BOOM),
            "attempt 2 of 4 failed (ERROR: boom); it is tried again at",
            ""));
    scenes.put(
        Code.DUE, scene(job(JobState.SCHEDULED).runAt(before), "due since", "holdfast work"));
    scenes.put(
        Code.QUEUE_PAUSED,
        new Scene(
            paused(situation(job(JobState.PENDING), 0, List.of(node()))),
            List.of(),
            "queue 'q' was paused at 2026-01-01T12:00:00Z by ada",
            "holdfast queues resume q"));
    scenes.put(
        Code.WAITS_FOR_JOBS,
        scene(
            job(JobState.BLOCKED),
            List.of(Code.WAITS_FOR_SIGNAL),
            "have not ended (2): %s (other, RUNNING), …".formatted(PREDECESSOR),
            "holdfast explain " + PREDECESSOR));
    scenes.put(
        Code.WAITS_FOR_SIGNAL,
        scene(
            job(JobState.BLOCKED),
            List.of(Code.WAITS_FOR_JOBS),
            "signal 'approval' until 2026-01-01T12:01:00Z, and fails if",
            "holdfast signal "));
    scenes.put(Code.NO_NODE, scene(job(JobState.PENDING), "no node is running", "holdfast work"));
    scenes.put(
        Code.NO_NODE_FOR_QUEUE,
        scene(
            job(JobState.PENDING),
            "nodes live (1), and none of them serves queue 'q'",
            "--queues q",
            node().queues("other")));
    scenes.put(
        Code.NO_HANDLER_FOR_TYPE,
        scene(
            job(JobState.PENDING), "has a handler for type 't'", "workers", node().types("other")));
    scenes.put(
        Code.NO_CAPABILITY,
        scene(
            job(JobState.PENDING).requires("{\"gpu\":true,\"memory\":{\">=\":4}}"),
            "has what it requires: gpu = true",
            "--capability",
            node()));
    Situation free = situation(job(JobState.PENDING), 0, List.of(node()));
    JobId other = new JobId(new UUID(2, 2));
    scenes.put(
        Code.LIMIT_REACHED,
        new Scene(
            limited(
                free,
                List.of(new Situation.Reached("queue 'q'", 1, List.of(other))),
                Optional.empty()),
            List.of(),
            "1 of queue 'q' (" + other + ")",
            "queues set q"));
    scenes.put(
        Code.RATE_LIMITED,
        new Scene(
            limited(free, List.of(), Optional.of(NOW.plusSeconds(3))),
            List.of(),
            "the next may start at 2026-01-01T12:00:03Z",
            "queues set q"));
    scenes.put(
        Code.NODES_DRAIN,
        scene(job(JobState.PENDING), "'a'", "drain --undo", node().command(NodeCommand.DRAIN)));
    scenes.put(
        Code.NODES_BUSY,
        scene(job(JobState.PENDING), "'a' (jobs 2, slots 2)", "--jobs", node().held(2)));
    scenes.put(
        Code.OTHERS_FIRST,
        scene(
            job(JobState.PENDING),
            3,
            "jobs of queue 'q' that come before it: 3",
            "priority",
            node()));
    scenes.put(
        Code.WAITS_FOR_LAST_CHANCE,
        new Scene(
            lastChance(situation(job(JobState.PENDING).crashes(2), 0, List.of(node()))),
            List.of(Code.HAS_CRASHED),
            "a node runs one such job at a time: 'a' runs job " + PREDECESSOR,
            "start more nodes"));
    scenes.put(Code.RUNNABLE, scene(job(JobState.PENDING), "nothing is in its way", "", node()));
    scenes.put(
        Code.RUNS,
        scene(
            job(JobState.RUNNING).startedAt(before),
            "attempt 1 of 4 runs on node 'a' (process 11 on h) for 1m 30s",
            "",
            node()));
    scenes.put(
        Code.SHARES_PLACE,
        new Scene(
            sharing(situation(job(JobState.RUNNING).startedAt(before), 0, List.of(node())), 2),
            List.of(Code.RUNS),
            "node 'a' took it for one place together with other jobs (2)",
            "holdfast queues set q"));
    scenes.put(
        Code.RUNS_LONG,
        scene(
            job(JobState.RUNNING).startedAt(NOW.minusSeconds(1_801)),
            List.of(Code.RUNS),
            "more than 30m",
            "recover --timeout 30",
            node()));
    scenes.put(
        Code.HOLDER_DEAD,
        scene(
            job(JobState.RUNNING).startedAt(before),
            "does not live any more",
            "cleanup-dead",
            node().liveness(Liveness.DEAD)));
    scenes.put(
        Code.UNCERTAIN_AFTER_RESTORE,
        new Scene(
            new Situation(
                NOW,
                job(JobState.BLOCKED).job(),
                0,
                new Situation.Waiting(1, List.of(), Optional.empty(), true),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty()),
            List.of(),
            "restored from a backup",
            "holdfast review resume"));
    scenes.put(
        Code.WAITS_FOR_REVIEW, scene(job(JobState.INTERRUPTED), "for review", "holdfast resume"));
    scenes.put(Code.COMPLETED, scene(job(JobState.COMPLETED), "completed at", ""));
    scenes.put(
        Code.FAILED,
        scene(
            job(JobState.FAILED).failure(BOOM),
            "after 1 of 4 attempts (ERROR: boom)",
            "holdfast retry"));
    scenes.put(
        Code.CANCELLED, scene(job(JobState.CANCELLED), "it was cancelled at", "holdfast retry"));
    scenes.put(
        Code.HAS_CRASHED,
        scene(
            job(JobState.PENDING).crashes(2),
            List.of(Code.RUNNABLE),
            "died while it ran, times: 2; the job fails when that has happened 3 times",
            "",
            node()));
    scenes.put(
        Code.HAS_LAPSED,
        scene(
            job(JobState.PENDING).lapses(3),
            List.of(Code.RUNNABLE),
            "fell silent while it ran, times: 3; the job fails when that has happened 10 times",
            "",
            node()));
    return scenes;
  }

  @ParameterizedTest
  @EnumSource(Code.class)
  void a_reason_is_given_where_it_applies_and_nothing_else_is_said(Code code) {
    Scene scene = requireNonNull(SCENES.get(code), () -> "there is no scene for " + code);

    List<Reason> reasons = Explainer.explain(scene.situation, List.of()).reasons();

    assertThat(reasons).extracting(Reason::code).contains(code);
    assertThat(reasons)
        .extracting(Reason::code)
        .filteredOn(other -> other != code)
        .containsExactlyInAnyOrderElementsOf(scene.also);
    Reason reason = reasons.stream().filter(one -> one.code() == code).findFirst().orElseThrow();
    assertThat(reason.text()).contains(scene.words);
    if (scene.advice.isEmpty()) {
      assertThat(reason.advice()).isEmpty();
    } else {
      assertThat(reason.advice()).contains(scene.advice);
    }
  }

  @ParameterizedTest
  @EnumSource(JobState.class)
  void every_state_has_a_reason_with_and_without_nodes(JobState state) {
    for (List<Nodes> nodes : List.of(List.<Nodes>of(), List.of(node()))) {
      Explanation explanation = Explainer.explain(situation(job(state), 0, nodes), List.of());

      assertThat(explanation.reasons()).isNotEmpty();
      assertThat(explanation.job().state()).isEqualTo(state);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = NodePhase.class,
      names = {"DRAINING", "QUIET"})
  void a_node_that_takes_no_more_is_busy_under_any_command(NodePhase phase) {
    Situation situation =
        situation(job(JobState.PENDING), 0, List.of(node().change(n -> phased(n, phase))));

    List<Reason> reasons = Explainer.explain(situation, List.of()).reasons();

    assertThat(reasons).extracting(Reason::code).containsExactly(Code.NODES_BUSY);
    assertThat(reasons.get(0).text()).endsWith("'a' (jobs 0, slots 2) and takes no more");
  }

  @Test
  void one_free_node_is_enough() {
    Situation situation =
        situation(
            job(JobState.PENDING),
            0,
            List.of(node().held(2), node().command(NodeCommand.DRAIN), node()));

    assertThat(Explainer.explain(situation, List.of()).reasons())
        .extracting(Reason::code)
        .containsExactly(Code.RUNNABLE);
  }

  @Test
  void nobody_counts_further_than_so_many_jobs_ahead() {
    Situation situation = situation(job(JobState.PENDING), Situation.AHEAD_MAX, List.of(node()));

    assertThat(Explainer.explain(situation, List.of()).reasons().get(0).text())
        .endsWith("at least 10,000");
  }

  @Test
  void a_job_that_was_taken_along_by_another_names_it() {
    String why = "job %s, which it waited for, has failed".formatted(PREDECESSOR);
    JobEvent event =
        new JobEvent(NOW, Optional.empty(), JobState.CANCELLED, "", why, 0, Optional.empty());
    Situation situation = situation(job(JobState.CANCELLED), 0, List.of(node()));

    assertThat(Explainer.explain(situation, List.of(event)).reasons().get(0).text())
        .isEqualTo("it was cancelled at %s: %s".formatted(NOW, why));
  }

  // A job and a node, each as the scene describes it.

  private record Jobs(
      JobState state,
      Instant runAt,
      int attempt,
      int crashes,
      int lapses,
      Optional<Failure> failure,
      Optional<Instant> startedAt,
      Optional<String> requires) {
    Jobs runAt(Instant at) {
      return new Jobs(state, at, attempt, crashes, lapses, failure, startedAt, requires);
    }

    Jobs attempt(int number) {
      return new Jobs(state, runAt, number, crashes, lapses, failure, startedAt, requires);
    }

    Jobs crashes(int number) {
      return new Jobs(state, runAt, attempt, number, lapses, failure, startedAt, requires);
    }

    Jobs lapses(int number) {
      return new Jobs(state, runAt, attempt, crashes, number, failure, startedAt, requires);
    }

    Jobs failure(Failure why) {
      return new Jobs(
          state, runAt, attempt, crashes, lapses, Optional.of(why), startedAt, requires);
    }

    Jobs startedAt(Instant at) {
      return new Jobs(state, runAt, attempt, crashes, lapses, failure, Optional.of(at), requires);
    }

    Jobs requires(String json) {
      return new Jobs(
          state, runAt, attempt, crashes, lapses, failure, startedAt, Optional.of(json));
    }

    Job job() {
      boolean isHeld = state == JobState.RUNNING;
      return Job.builder()
          .id(new JobId(new UUID(1, 1)))
          .queue("q")
          .type("t")
          .state(state)
          .payload("null")
          .payloadVersion(1)
          .priority(0)
          .runAt(runAt)
          .attempt(attempt)
          .maxAttempts(4)
          .crashes(crashes)
          .lapses(lapses)
          .token(1)
          .tags(List.of())
          .requires(requires.orElse(null))
          .failure(failure.orElse(null))
          .holder(isHeld ? new Job.Holder(NODE, "a", "h", 11) : null)
          .createdAt(NOW)
          .startedAt(startedAt.orElse(null))
          .finishedAt(state.isFinished() ? NOW : null)
          .interruptedAt(state == JobState.INTERRUPTED ? NOW : null)
          .updatedAt(NOW)
          .build();
    }
  }

  private static Jobs job(JobState state) {
    return new Jobs(state, NOW, 1, 0, 0, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private record Nodes(QueueStatus.Node node) {
    Nodes queues(String... queues) {
      return change(n -> copy(n, n.command(), List.of(queues), n.types(), n.held(), n.liveness()));
    }

    Nodes types(String... types) {
      return change(n -> copy(n, n.command(), n.queues(), Set.of(types), n.held(), n.liveness()));
    }

    Nodes command(NodeCommand command) {
      return change(n -> copy(n, command, n.queues(), n.types(), n.held(), n.liveness()));
    }

    Nodes held(long held) {
      return change(n -> copy(n, n.command(), n.queues(), n.types(), held, n.liveness()));
    }

    Nodes liveness(Liveness liveness) {
      return change(n -> copy(n, n.command(), n.queues(), n.types(), n.held(), liveness));
    }

    Nodes change(UnaryOperator<QueueStatus.Node> change) {
      return new Nodes(change.apply(node));
    }
  }

  private static Nodes node() {
    return new Nodes(
        new QueueStatus.Node(
            NODE,
            "a",
            "h",
            11,
            "test",
            NodePhase.RUNNING,
            NodeCommand.RUN,
            List.of(),
            Set.of("t"),
            Map.of("memory", 8),
            2,
            0,
            NOW,
            NOW,
            Liveness.ACTIVE,
            Vitals.none()));
  }

  private static QueueStatus.Node copy(
      QueueStatus.Node n,
      NodeCommand command,
      List<String> queues,
      Set<String> types,
      long held,
      Liveness liveness) {
    return new QueueStatus.Node(
        n.id(),
        n.name(),
        n.host(),
        n.processId(),
        n.version(),
        n.phase(),
        command,
        queues,
        types,
        n.capabilities(),
        n.concurrency(),
        held,
        n.startedAt(),
        n.heartbeatAt(),
        liveness,
        n.vitals());
  }

  private static QueueStatus.Node phased(QueueStatus.Node n, NodePhase phase) {
    return new QueueStatus.Node(
        n.id(),
        n.name(),
        n.host(),
        n.processId(),
        n.version(),
        phase,
        n.command(),
        n.queues(),
        n.types(),
        n.capabilities(),
        n.concurrency(),
        n.held(),
        n.startedAt(),
        n.heartbeatAt(),
        n.liveness(),
        n.vitals());
  }

  private static Situation.Waiting waiting(Job job) {
    Predecessor first =
        new Predecessor(
            0,
            PREDECESSOR,
            "other",
            JobState.RUNNING,
            Optional.empty(),
            OnPredecessorFailure.CANCEL,
            true);
    JobRecord.Signal signal =
        new JobRecord.Signal(
            "approval",
            Optional.empty(),
            Optional.empty(),
            "",
            Optional.of(NOW.plusSeconds(60)),
            Optional.of(OnSignalTimeout.FAIL));
    return job.state() == JobState.BLOCKED
        ? new Situation.Waiting(3, List.of(first), Optional.of(signal))
        : Situation.Waiting.none();
  }

  private static Situation situation(Jobs job, int ahead, List<Nodes> nodes) {
    return new Situation(
        NOW,
        job.job(),
        ahead,
        waiting(job.job()),
        nodes.stream().map(Nodes::node).toList(),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  private static Situation paused(Situation running) {
    return new Situation(
        running.now(),
        running.job(),
        running.ahead(),
        running.waiting(),
        running.nodes(),
        Optional.of(new QueuePause(NOW, "ada")),
        List.of(),
        Optional.empty());
  }

  private static Situation sharing(Situation running, int others) {
    return new Situation(
        running.now(),
        running.job(),
        running.ahead(),
        running.waiting(),
        running.nodes(),
        running.paused(),
        running.limits(),
        running.rateUntil(),
        others,
        running.rules(),
        running.lastChances());
  }

  private static Situation lastChance(Situation free) {
    return new Situation(
        free.now(),
        free.job(),
        free.ahead(),
        free.waiting(),
        free.nodes(),
        free.paused(),
        free.limits(),
        free.rateUntil(),
        free.sharing(),
        free.rules(),
        List.of(new Situation.LastChance(NODE, Optional.of(PREDECESSOR))));
  }

  private static Situation limited(
      Situation free, List<Situation.Reached> limits, Optional<Instant> rateUntil) {
    return new Situation(
        free.now(),
        free.job(),
        free.ahead(),
        free.waiting(),
        free.nodes(),
        free.paused(),
        limits,
        rateUntil);
  }

  private static Scene scene(Jobs job, String words, String advice, Nodes... nodes) {
    return scene(job, 0, words, advice, nodes);
  }

  private static Scene scene(Jobs job, int ahead, String words, String advice, Nodes... nodes) {
    return new Scene(situation(job, ahead, List.of(nodes)), List.of(), words, advice);
  }

  private static Scene scene(
      Jobs job, List<Code> also, String words, String advice, Nodes... nodes) {
    return new Scene(situation(job, 0, List.of(nodes)), also, words, advice);
  }
}
