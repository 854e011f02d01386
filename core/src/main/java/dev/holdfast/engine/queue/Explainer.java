package dev.holdfast.engine.queue;

import dev.holdfast.Explanation;
import dev.holdfast.Explanation.Code;
import dev.holdfast.Explanation.Reason;
import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.MonitorConfig;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodePhase;
import dev.holdfast.QueuePause;
import dev.holdfast.QueueStatus;
import dev.holdfast.Requirements;
import dev.holdfast.check.Durations;
import dev.holdfast.spi.Situation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Explains why a job is in its state. Every reason is a {@link Code}, and {@link #text} must cover
 * each of them: a new one does not compile without its text. Anything new that keeps a job from
 * running needs a reason there.
 */
final class Explainer {

  static final String JOB = "job "; // a predecessor, which the reason names

  private final Situation situation;
  private final Job job;
  private final List<JobEvent> history;
  private final Duration stuckAfter;
  private final boolean areOthersHidden;

  private Explainer(
      Situation situation, List<JobEvent> history, Duration stuckAfter, boolean areOthersHidden) {
    this.situation = situation;
    this.job = situation.job();
    this.history = history;
    this.stuckAfter = stuckAfter;
    this.areOthersHidden = areOthersHidden;
  }

  /** Explains with the monitor's default. */
  static Explanation explain(Situation situation, List<JobEvent> history) {
    return explain(situation, history, MonitorConfig.defaults().jobTimeout());
  }

  /**
   * Explains what was seen of a job.
   *
   * @param history its events, oldest first
   * @param stuckAfter how long jobs may run until that is worth a word
   */
  static Explanation explain(Situation situation, List<JobEvent> history, Duration stuckAfter) {
    return new Explainer(situation, history, stuckAfter, false).explain();
  }

  /**
   * Explains what was seen of a job to a client that may see only some jobs: without numbers of
   * other jobs, and without the history, whose reasons can name them.
   *
   * @param visible what was seen, naming only jobs that the client may see
   */
  static Explanation explainToStranger(Situation visible, Duration stuckAfter) {
    return new Explainer(visible, List.of(), stuckAfter, true).explain();
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
      case WAITS_FOR_JOBS -> job.state() == JobState.BLOCKED && situation.waiting().openJobs() > 0;
      case WAITS_FOR_SIGNAL ->
          job.state() == JobState.BLOCKED && situation.waiting().signal().isPresent();
      case UNCERTAIN_AFTER_RESTORE ->
          job.state() == JobState.BLOCKED && situation.waiting().isUncertain();
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
      case WAITS_FOR_LAST_CHANCE ->
          isPending() && !willing().isEmpty() && willing().stream().allMatch(this::runsLastChance);
      case OTHERS_FIRST -> isPending() && situation.ahead() > 0;
      case RUNNABLE -> isPending() && situation.ahead() == 0 && !isHeldBack() && hasFreeNode();
      case RUNS -> job.state() == JobState.RUNNING && isHeldByLiving();
      case SHARES_PLACE ->
          job.state() == JobState.RUNNING && isHeldByLiving() && situation.sharing() > 0;
      case RUNS_LONG ->
          job.state() == JobState.RUNNING && isHeldByLiving() && ran().compareTo(stuckAfter) > 0;
      case HOLDER_DEAD -> job.state() == JobState.RUNNING && !isHeldByLiving();
      case WAITS_FOR_REVIEW -> job.state() == JobState.INTERRUPTED;
      case COMPLETED -> job.state() == JobState.COMPLETED;
      case FAILED -> job.state() == JobState.FAILED;
      case CANCELLED -> job.state() == JobState.CANCELLED;
      case HAS_CRASHED -> job.crashes() > 0 && !job.state().isFinished();
      case HAS_LAPSED -> job.lapses() > 0 && !job.state().isFinished();
    };
  }

  private String text(Code code) {
    return switch (code) {
      case WAITS_FOR_TIME -> "it is to run at %s, in %s".formatted(job.runAt(), until());
      case WAITS_FOR_RETRY -> retries();
      case DUE ->
          "it has been due since %s; a living node moves it into the queue at its next look"
              .formatted(job.runAt());
      case QUEUE_PAUSED -> paused();
      case WAITS_FOR_JOBS ->
          "it waits for jobs that have not ended%s%s"
              .formatted(
                  number(situation.waiting().openJobs()),
                  ExplanationTexts.predecessors(situation.waiting()));
      case WAITS_FOR_SIGNAL ->
          situation.waiting().signal().map(ExplanationTexts::awaited).orElse("");
      case UNCERTAIN_AFTER_RESTORE ->
          "its queue was restored from a backup in which it had not finished; it may have run"
              + " since, so it waits for a review";
      case NO_NODE -> "no node is running";
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
      case RATE_LIMITED -> rateLimited();
      case NODES_DRAIN -> "the nodes that would run it were told to drain: " + names(servers());
      case NODES_BUSY ->
          "the nodes that would run it are busy: "
              + String.join(", ", willing().stream().map(this::load).toList());
      case WAITS_FOR_LAST_CHANCE ->
          "one more crash would fail it; a node runs one such job at a time: "
              + String.join(", ", situation.lastChances().stream().map(this::lastChance).toList());
      case OTHERS_FIRST ->
          areOthersHidden
              ? "other jobs of queue '%s' come before it".formatted(job.queue())
              : "jobs of queue '%s' that come before it: %s%,d"
                  .formatted(
                      job.queue(),
                      situation.ahead() >= Situation.AHEAD_MAX ? "at least " : "",
                      situation.ahead());
      case RUNNABLE -> "nothing is in its way: the next free worker takes it";
      case RUNS -> runs();
      case SHARES_PLACE -> sharesPlace();
      case RUNS_LONG -> "it has been running for more than " + Durations.write(stuckAfter);
      case HOLDER_DEAD -> holderIsDead();
      case WAITS_FOR_REVIEW -> waitsForReview();
      case COMPLETED -> "it completed at %s in attempt %d".formatted(finishedAt(), job.attempt());
      case FAILED -> failed();
      case CANCELLED ->
          "it was cancelled at %s%s".formatted(finishedAt(), ExplanationTexts.byAndWhy(history));
      case HAS_CRASHED -> crashed();
      case HAS_LAPSED -> lapsed();
    };
  }

  private String retries() {
    return "attempt %d of %d failed (%s: %s); it is tried again at %s, in %s"
        .formatted(job.attempt(), job.maxAttempts(), kind(), message(), job.runAt(), until());
  }

  private String paused() {
    return "queue '%s' was paused%s"
        .formatted(job.queue(), situation.paused().map(Explainer::sinceAndBy).orElse(""));
  }

  private String lacking() {
    return requirements()
        .map(required -> ExplanationTexts.lacking(required, handlers()))
        .orElseGet(() -> job.requires().orElse("") + ", which cannot be understood");
  }

  private String rateLimited() {
    return "queue '%s' has started as many jobs as it may within the period; the next may start at %s"
        .formatted(job.queue(), situation.rateUntil().map(Instant::toString).orElse("any time"));
  }

  private String runs() {
    return "attempt %d of %d runs on node '%s' (process %d on %s) for %s"
        .formatted(
            job.attempt(),
            job.maxAttempts(),
            holderName(),
            processId(),
            host(),
            Durations.format(ran()));
  }

  private String sharesPlace() {
    return "it stands behind a limit: node '%s' took it for one place together with other jobs%s, which run one after another, so it may not have begun"
        .formatted(holderName(), number(situation.sharing()));
  }

  private String holderIsDead() {
    return "it is marked as running on node '%s', which does not live any more; any living node recovers it"
        .formatted(holderName());
  }

  private String waitsForReview() {
    return "it was interrupted at %s and set aside for review, as its type's recovery policy is HOLD"
        .formatted(job.interruptedAt().map(Instant::toString).orElse("an unknown time"));
  }

  private String failed() {
    return "it failed at %s after %d of %d attempts (%s: %s)"
        .formatted(finishedAt(), job.attempt(), job.maxAttempts(), kind(), message());
  }

  private String crashed() {
    return "its process died while it ran, times: %d; the job fails when that has happened %d times"
        .formatted(job.crashes(), situation.rules().maxCrashes());
  }

  private String lapsed() {
    return "its node fell silent while it ran, times: %d; the job fails when that has happened %d times"
        .formatted(job.lapses(), situation.rules().maxLapses());
  }

  private String advice(Code code) {
    return switch (code) {
      case QUEUE_PAUSED -> "let it go on: holdfast queues resume " + job.queue();
      case UNCERTAIN_AFTER_RESTORE ->
          "holdfast review resume %s, or discard, or done".formatted(job.id());
      case NO_NODE -> "start a node: holdfast work, or your program";
      case NO_NODE_FOR_QUEUE -> "start a node for it: holdfast work --queues " + job.queue();
      case NO_HANDLER_FOR_TYPE -> ExplanationTexts.handlerAdvice(job.type());
      case NO_CAPABILITY ->
          "start a worker that has it: holdfast work --capability NAME=VALUE, or"
              + " worker.capabilities";
      case LIMIT_REACHED, RATE_LIMITED, SHARES_PLACE ->
          "wait, or change the limit: holdfast queues set %s, holdfast limits"
              .formatted(job.queue());
      case NODES_DRAIN -> "let them go on: holdfast drain --undo";
      case WAITS_FOR_LAST_CHANCE -> "wait, or start more nodes: holdfast work";
      case NODES_BUSY -> "start more nodes, or let them run more at once (--jobs)";
      case OTHERS_FIRST ->
          "wait, start more nodes, or give it a higher priority: holdfast replace %s --priority N"
              .formatted(job.id());
      case RUNS_LONG ->
          "take it from its node: holdfast recover --timeout "
              + Math.max(1, stuckAfter.toMinutes());
      case HOLDER_DEAD -> "recover it now: holdfast cleanup-dead";
      case WAITS_FOR_REVIEW ->
          "holdfast resume %s, or holdfast cancel %s".formatted(job.id(), job.id());
      case FAILED, CANCELLED -> "run it again: holdfast retry " + job.id();
      case WAITS_FOR_JOBS ->
          situation.waiting().first().stream()
              .findFirst()
              .map(first -> "see why that one has not ended: holdfast explain " + first.id())
              .orElse("");
      case WAITS_FOR_SIGNAL ->
          situation
              .waiting()
              .signal()
              .map(signal -> "send it: holdfast signal %s %s".formatted(job.id(), signal.name()))
              .orElse("");
      case DUE -> live().isEmpty() ? "start a node: holdfast work" : "";
      case WAITS_FOR_TIME, WAITS_FOR_RETRY, RUNNABLE, RUNS, COMPLETED, HAS_CRASHED, HAS_LAPSED ->
          "";
    };
  }

  private boolean isWaiting() {
    return job.state() == JobState.SCHEDULED && isEarly();
  }

  private boolean isEarly() {
    return job.runAt().isAfter(situation.now());
  }

  private String until() {
    return Durations.format(rounded(Duration.between(situation.now(), job.runAt())));
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

  /** Returns the living nodes that have a handler for it and serve its queue. */
  private List<QueueStatus.Node> handlers() {
    return live().stream().filter(node -> node.serves(job.queue(), job.type())).toList();
  }

  /** Returns those of them that have the required capabilities. */
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

  private List<QueueStatus.Node> willing() {
    return servers().stream().filter(node -> node.command() == NodeCommand.RUN).toList();
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
    return willing().stream().anyMatch(node -> !isBusy(node) && !runsLastChance(node));
  }

  private boolean runsLastChance(QueueStatus.Node node) {
    return situation.lastChances().stream().anyMatch(chance -> chance.node().equals(node.id()));
  }

  private String lastChance(Situation.LastChance chance) {
    String name =
        situation.nodes().stream()
            .filter(node -> node.id().equals(chance.node()))
            .map(QueueStatus.Node::name)
            .findFirst()
            .orElse("");
    return "'%s'%s"
        .formatted(name, chance.job().map(job -> " runs job " + job).orElse(" runs another one"));
  }

  /** Returns whether it is full, has only lost slots, or is about to stop. */
  private static boolean isBusy(QueueStatus.Node node) {
    return node.held() >= node.concurrency() || !takesMore(node);
  }

  private static boolean takesMore(QueueStatus.Node node) {
    return node.phase() == NodePhase.RUNNING || node.phase() == NodePhase.STARTING;
  }

  private boolean isHeldByLiving() {
    return situation.holder().filter(QueueStatus.Node::alive).isPresent();
  }

  /** Returns a number of jobs for a text, unless it counts jobs that the client may not see. */
  private String number(int jobs) {
    return areOthersHidden ? "" : " (%,d)".formatted(jobs);
  }

  private String load(QueueStatus.Node node) {
    return "'%s'%s%s"
        .formatted(
            node.name(),
            areOthersHidden
                ? ""
                : " (jobs %d, slots %d)".formatted(node.held(), node.concurrency()),
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
