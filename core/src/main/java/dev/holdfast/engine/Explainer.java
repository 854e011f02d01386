package dev.holdfast.engine;

import dev.holdfast.Explanation;
import dev.holdfast.Explanation.Code;
import dev.holdfast.Explanation.Reason;
import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NodeOrder;
import dev.holdfast.NodePhase;
import dev.holdfast.QueuePause;
import dev.holdfast.QueueStatus;
import dev.holdfast.Requirements;
import dev.holdfast.spi.Situation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Says why a job is where it is. Every reason stands in {@link Code}, and {@link #text} must answer
 * for each of them: a new one does not compile without its words. Whoever lets something new keep a
 * job from running adds its reason there.
 */
final class Explainer {
  private static final Duration LONG = Duration.ofMinutes(30);

  private final Situation situation;
  private final Job job;

  private Explainer(Situation situation) {
    this.situation = situation;
    this.job = situation.job();
  }

  static Explanation explain(Situation situation) {
    return new Explainer(situation).explain();
  }

  private Explanation explain() {
    List<Reason> reasons = new ArrayList<>();
    Arrays.stream(Code.values())
        .filter(this::applies)
        .forEach(code -> reasons.add(new Reason(code, text(code), advice(code))));
    return new Explanation(job, reasons);
  }

  private boolean applies(Code code) {
    return switch (code) {
      case WAITS_FOR_TIME -> isWaiting() && job.failure().isEmpty();
      case WAITS_FOR_RETRY -> isWaiting() && job.failure().isPresent();
      case DUE -> job.state() == JobState.SCHEDULED && !isEarly();
      case QUEUE_PAUSED -> isPending() && situation.paused().isPresent();
      case WAITS_FOR_JOBS -> job.state() == JobState.BLOCKED && situation.waiting().open() > 0;
      case NO_NODE -> isPending() && live().isEmpty();
      case NO_NODE_FOR_QUEUE ->
          isPending()
              && !live().isEmpty()
              && live().stream().noneMatch(node -> node.servesQueue(job.queue()));
      case NO_HANDLER_FOR_TYPE ->
          isPending()
              && live().stream().anyMatch(node -> node.servesQueue(job.queue()))
              && handlers().isEmpty();
      case NO_CAPABILITY -> isPending() && !handlers().isEmpty() && servers().isEmpty();
      case LIMIT_REACHED -> isPending() && !situation.limits().isEmpty();
      case RATE_LIMITED -> isPending() && situation.rateUntil().isPresent();
      case NODES_DRAIN -> isPending() && !servers().isEmpty() && willing().isEmpty();
      case NODES_BUSY ->
          isPending() && !willing().isEmpty() && willing().stream().allMatch(Explainer::isBusy);
      case OTHERS_FIRST -> isPending() && situation.ahead() > 0;
      case RUNNABLE -> isPending() && situation.ahead() == 0 && !isHeldBack() && hasFreeNode();
      case RUNS -> job.state() == JobState.RUNNING && isHeldByLiving();
      case RUNS_LONG ->
          job.state() == JobState.RUNNING && isHeldByLiving() && ran().compareTo(LONG) > 0;
      case HOLDER_DEAD -> job.state() == JobState.RUNNING && !isHeldByLiving();
      case WAITS_FOR_REVIEW -> job.state() == JobState.INTERRUPTED;
      case COMPLETED -> job.state() == JobState.COMPLETED;
      case FAILED -> job.state() == JobState.FAILED;
      case CANCELLED -> job.state() == JobState.CANCELLED;
      case HAS_CRASHED -> job.crashes() > 0 && !job.state().isFinished();
    };
  }

  private String text(Code code) {
    return switch (code) {
      case WAITS_FOR_TIME -> "it is to run at %s, in %s".formatted(job.runAt(), until());
      case WAITS_FOR_RETRY ->
          "attempt %d of %d failed (%s: %s); it is tried again at %s, in %s"
              .formatted(job.attempt(), job.maxAttempts(), kind(), message(), job.runAt(), until());
      case DUE ->
          "it has been due since %s; a living node moves it into the queue at its next look"
              .formatted(job.runAt());
      case QUEUE_PAUSED ->
          "queue '%s' was paused%s"
              .formatted(job.queue(), situation.paused().map(Explainer::sinceAndBy).orElse(""));
      case WAITS_FOR_JOBS ->
          "it waits for jobs that have not ended (%,d): %s%s"
              .formatted(
                  situation.waiting().open(),
                  predecessors(),
                  situation.waiting().open() > situation.waiting().first().size() ? ", …" : "");
      case NO_NODE -> "no node lives: nobody is there to run it";
      case NO_NODE_FOR_QUEUE ->
          "nodes live (%d), and none of them serves queue '%s'"
              .formatted(live().size(), job.queue());
      case NO_HANDLER_FOR_TYPE ->
          "no living node that serves queue '%s' has a handler for type '%s'"
              .formatted(job.queue(), job.type());
      case NO_CAPABILITY -> "no living node that handles it has what it requires: " + lacking();
      case LIMIT_REACHED ->
          "as many jobs run as may: "
              + String.join("; ", situation.limits().stream().map(Explainer::reached).toList());
      case RATE_LIMITED ->
          "queue '%s' has started as many jobs as it may within the period; the next may start at %s"
              .formatted(
                  job.queue(), situation.rateUntil().map(Instant::toString).orElse("any time"));
      case NODES_DRAIN -> "the nodes that would run it were told to drain: " + names(servers());
      case NODES_BUSY ->
          "the nodes that would run it are busy: "
              + String.join(", ", willing().stream().map(Explainer::load).toList());
      case OTHERS_FIRST ->
          "jobs of queue '%s' that come before it: %s%,d"
              .formatted(
                  job.queue(),
                  situation.ahead() >= Situation.AHEAD_MAX ? "at least " : "",
                  situation.ahead());
      case RUNNABLE -> "nothing is in its way: the next free worker takes it";
      case RUNS ->
          "attempt %d of %d runs on node '%s' (process %d on %s) for %s"
              .formatted(
                  job.attempt(), job.maxAttempts(), holderName(), processId(), host(), ran());
      case RUNS_LONG -> "it has been running for more than " + LONG.toMinutes() + " minutes";
      case HOLDER_DEAD ->
          "it is marked as running on node '%s', which does not live any more; any living node recovers it"
              .formatted(holderName());
      case WAITS_FOR_REVIEW ->
          "it was interrupted at %s and set aside for review, as its type's recovery policy is HOLD"
              .formatted(job.interruptedAt().map(Instant::toString).orElse("an unknown time"));
      case COMPLETED -> "it completed at %s in attempt %d".formatted(finishedAt(), job.attempt());
      case FAILED ->
          "it failed at %s after %d of %d attempts (%s: %s)"
              .formatted(finishedAt(), job.attempt(), job.maxAttempts(), kind(), message());
      case CANCELLED -> "it was cancelled at " + finishedAt();
      case HAS_CRASHED ->
          "its process died while it ran, times: %d; at the third time it is failed"
              .formatted(job.crashes());
    };
  }

  private String advice(Code code) {
    return switch (code) {
      case QUEUE_PAUSED -> "let it go on: holdfast queues resume " + job.queue();
      case NO_NODE -> "start a node: holdfast work, or your program";
      case NO_NODE_FOR_QUEUE -> "start a node for it: holdfast work --queues " + job.queue();
      case NO_HANDLER_FOR_TYPE ->
          "start the program that handles this type; holdfast workers shows who handles what";
      case NO_CAPABILITY ->
          "start a worker that has it: holdfast work --capability NAME=VALUE, or worker.capabilities";
      case LIMIT_REACHED, RATE_LIMITED ->
          "wait, or change the limit: holdfast queues set %s, holdfast limits"
              .formatted(job.queue());
      case NODES_DRAIN -> "let them go on: holdfast drain --undo";
      case NODES_BUSY -> "start more nodes, or let them run more at once (--jobs)";
      case OTHERS_FIRST -> "give it a higher priority at the enqueue";
      case RUNS_LONG -> "take it from its node: holdfast recover --timeout 30";
      case HOLDER_DEAD -> "recover it now: holdfast cleanup-dead";
      case WAITS_FOR_REVIEW ->
          "holdfast resume %s, or holdfast cancel %s".formatted(job.id(), job.id());
      case FAILED, CANCELLED -> "run it again: holdfast retry " + job.id();
      case WAITS_FOR_JOBS ->
          situation.waiting().first().stream()
              .findFirst()
              .map(first -> "see why that one has not ended: holdfast explain " + first.id())
              .orElse("");
      case DUE -> live().isEmpty() ? "start a node: holdfast work" : "";
      case WAITS_FOR_TIME, WAITS_FOR_RETRY, RUNNABLE, RUNS, COMPLETED, HAS_CRASHED -> "";
    };
  }

  private String predecessors() {
    return String.join(
        ", ",
        situation.waiting().first().stream()
            .map(other -> "%s (%s, %s)".formatted(other.id(), other.type(), other.state()))
            .toList());
  }

  private boolean isWaiting() {
    return job.state() == JobState.SCHEDULED && isEarly();
  }

  private boolean isEarly() {
    return job.runAt().isAfter(situation.now());
  }

  private Duration until() {
    return rounded(Duration.between(situation.now(), job.runAt()));
  }

  private Duration ran() {
    return rounded(
        job.startedAt()
            .map(start -> Duration.between(start, situation.now()))
            .orElse(Duration.ZERO));
  }

  private static Duration rounded(Duration exact) {
    return Duration.ofSeconds(Math.max(0, exact.plusMillis(500).toSeconds()));
  }

  private boolean isPending() {
    return job.state() == JobState.PENDING;
  }

  private List<QueueStatus.Node> live() {
    return situation.nodes().stream().filter(QueueStatus.Node::alive).toList();
  }

  /** Living nodes that have a handler for it and serve its queue. */
  private List<QueueStatus.Node> handlers() {
    return live().stream().filter(node -> node.serves(job.queue(), job.type())).toList();
  }

  /** Those of them that have what it requires. */
  private List<QueueStatus.Node> servers() {
    return handlers().stream().filter(this::isAble).toList();
  }

  private boolean isAble(QueueStatus.Node node) {
    return job.requires().isEmpty()
        || requirements().filter(all -> all.areMetBy(node.capabilities())).isPresent();
  }

  private Optional<Requirements> requirements() {
    return job.requires().flatMap(Requirements::parse);
  }

  /** What none of them has; if each has something of it, what each lacks. */
  private String lacking() {
    if (requirements().isEmpty()) {
      return job.requires().orElse("") + ", which cannot be understood";
    }
    List<List<Requirements.Condition>> unmet =
        handlers().stream().map(node -> requirements().get().unmetBy(node.capabilities())).toList();
    List<Requirements.Condition> byAll =
        unmet.get(0).stream()
            .filter(condition -> unmet.stream().allMatch(some -> some.contains(condition)))
            .toList();
    return byAll.isEmpty()
        ? "each lacks something, such as " + unmet.get(0).get(0)
        : String.join(", ", byAll.stream().map(Requirements.Condition::toString).toList());
  }

  private List<QueueStatus.Node> willing() {
    return servers().stream().filter(node -> node.order() == NodeOrder.RUN).toList();
  }

  private static String sinceAndBy(QueuePause paused) {
    return " at %s by %s".formatted(paused.since(), paused.by());
  }

  private boolean isHeldBack() {
    return situation.paused().isPresent()
        || !situation.limits().isEmpty()
        || situation.rateUntil().isPresent();
  }

  private static String reached(Situation.Reached limit) {
    String holders = String.join(", ", limit.holders().stream().map(JobId::toString).toList());
    return "%d of %s%s"
        .formatted(limit.most(), limit.what(), holders.isEmpty() ? "" : " (" + holders + ")");
  }

  private boolean hasFreeNode() {
    return willing().stream().anyMatch(node -> !isBusy(node));
  }

  /** It holds as much as it can, or has none but lost slots, or is about to stop. */
  private static boolean isBusy(QueueStatus.Node node) {
    return node.held() >= node.concurrency() || !takesMore(node);
  }

  private static boolean takesMore(QueueStatus.Node node) {
    return node.phase() == NodePhase.RUNNING || node.phase() == NodePhase.STARTING;
  }

  private boolean isHeldByLiving() {
    return situation.holder().filter(QueueStatus.Node::alive).isPresent();
  }

  private static String load(QueueStatus.Node node) {
    return "'%s' (jobs %d, slots %d)%s"
        .formatted(
            node.name(),
            node.held(),
            node.concurrency(),
            takesMore(node) ? "" : " and takes no more");
  }

  private static String names(List<QueueStatus.Node> nodes) {
    return String.join(", ", nodes.stream().map(node -> "'" + node.name() + "'").toList());
  }

  private String holderName() {
    return job.holder().map(Job.Holder::name).orElse("");
  }

  private long processId() {
    return job.holder().map(Job.Holder::processId).orElse(0L);
  }

  private String host() {
    return job.holder().map(Job.Holder::host).orElse("");
  }

  private String finishedAt() {
    return job.finishedAt().map(Instant::toString).orElse("an unknown time");
  }

  private String kind() {
    return job.failure().map(failure -> failure.kind().name()).orElse("");
  }

  private String message() {
    return job.failure().map(Failure::message).orElse("");
  }
}
