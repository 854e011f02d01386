package dev.holdfast;

import dev.holdfast.Finding.Gravity;
import dev.holdfast.QueueStatus.Liveness;
import dev.holdfast.QueueStatus.Node;
import dev.holdfast.QueueStatus.Overdue;
import dev.holdfast.QueueStatus.Raised;
import dev.holdfast.QueueStatus.Waiting;
import dev.holdfast.check.Durations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds the problems in the health of a queue, each with its remedy. */
final class Problems {
  private final QueueStatus status;
  private final List<Finding> found = new ArrayList<>();

  private Problems(QueueStatus status) {
    this.status = status;
  }

  static List<Finding> of(QueueStatus status) {
    Problems problems = new Problems(status);
    problems.lookAtJobs();
    problems.lookAtOnHold();
    problems.lookAtWaiting();
    status.nodes().forEach(problems::lookAt);
    status.overdue().forEach(problems::lookAt);
    status.raised().forEach(problems::lookAt);
    problems.lookAtRecoveries();
    problems.lookAtDatabase();
    problems.found.sort(Comparator.comparing(Finding::gravity));
    return List.copyOf(problems.found);
  }

  private void lookAtJobs() {
    if (status.orphaned() > 0) {
      add(
          Gravity.ERROR,
          "orphaned-jobs",
          "running jobs that are held by nodes that do not live: %d".formatted(status.orphaned()),
          "holdfast cleanup-dead");
    }
    if (status.stuck() > 0) {
      add(
          Gravity.WARNING,
          "stuck-jobs",
          "jobs that have been running for more than %s: %d"
              .formatted(Durations.write(status.stuckAfter()), status.stuck()),
          "holdfast list --state RUNNING, then holdfast recover --timeout "
              + Math.max(1, status.stuckAfter().toMinutes()));
    }
    long interrupted = status.counts().getOrDefault(JobState.INTERRUPTED, 0L);
    if (interrupted > 0) {
      add(
          Gravity.WARNING,
          "jobs-to-review",
          "interrupted jobs that wait for a review: %d".formatted(interrupted),
          "holdfast list --state INTERRUPTED, then holdfast resume or holdfast cancel");
    }
    long failed = status.counts().getOrDefault(JobState.FAILED, 0L) - status.muted();
    if (failed > 0) {
      add(
          Gravity.NOTE,
          "dead-letters",
          "jobs that have failed: %d".formatted(failed),
          "holdfast failures, then holdfast failures retry, delete or mute");
    }
  }

  private void lookAtOnHold() {
    if (status.onHold().unreviewed() > 0) {
      add(
          Gravity.WARNING,
          "unreviewed-jobs",
          "jobs of this restored queue that wait for a review: %d"
              .formatted(status.onHold().unreviewed()),
          "holdfast review, then holdfast queues resume QUEUE...");
    }
    if (!status.onHold().pausedQueues().isEmpty()) {
      add(
          Gravity.NOTE,
          "queues-paused",
          "queues that are paused: " + String.join(", ", status.onHold().pausedQueues()),
          "holdfast queues resume " + String.join(" ", status.onHold().pausedQueues()));
    }
  }

  private void lookAtWaiting() {
    for (Waiting waiting : status.waiting()) {
      boolean isServed =
          status.nodes().stream()
              .anyMatch(node -> node.alive() && node.serves(waiting.queue(), waiting.type()));
      if (!isServed) {
        add(
            Gravity.WARNING,
            "no-worker",
            "jobs of type '%s' in queue '%s' that wait and that no living node runs: %d"
                .formatted(waiting.type(), waiting.queue(), waiting.jobs()),
            "start a node that handles this type");
      }
    }
  }

  private void lookAt(Node node) {
    String name =
        "node '%s' (process %d on %s)".formatted(node.name(), node.processId(), node.host());
    if (node.liveness() == Liveness.STALE) {
      add(
          Gravity.WARNING,
          "node-stale",
          "%s misses its heartbeats since %s".formatted(name, node.heartbeatAt()),
          "look at its process: it may be stopped, starved or cut off");
    }
    if (node.liveness() == Liveness.DEAD) {
      add(
          Gravity.WARNING,
          "node-dead",
          "%s is dead; its last heartbeat came at %s".formatted(name, node.heartbeatAt()),
          "holdfast cleanup-dead");
    }
    int unresponsive = node.vitals().unresponsive();
    if (unresponsive > 0) {
      boolean isFull = node.vitals().slots() == 0;
      add(
          isFull ? Gravity.ERROR : Gravity.WARNING,
          "handlers-unresponsive",
          "handlers of %s that did not end when they were told to: %d%s"
              .formatted(name, unresponsive, isFull ? "; it takes no more jobs" : ""),
          "restart that process, and let those handlers heed interrupts or isCancelled()");
    }
    for (Vitals.Duty duty : node.vitals().duties()) {
      if (duty.failures() > 0) {
        add(
            Gravity.WARNING,
            "node-degraded",
            "duty '%s' of %s fails, times in a row: %d: %s"
                .formatted(duty.name(), name, duty.failures(), duty.error().orElse("")),
            "see that process's log; it is tried again by itself");
      }
    }
    if (node.command() == NodeCommand.DRAIN) {
      add(
          Gravity.NOTE,
          "node-drained",
          "%s was told to drain".formatted(name),
          "holdfast drain --undo");
    }
  }

  private void lookAt(Overdue overdue) {
    boolean isServed = status.nodes().stream().anyMatch(Node::alive);
    add(
        Gravity.WARNING,
        "schedule-overdue",
        "schedule '%s' should have fired at %s and has not"
            .formatted(overdue.schedule(), overdue.slot()),
        isServed
            ? "see the nodes' logs: one of them tells why it cannot read or write it"
            : "start a node: any one fires all schedules");
  }

  private void lookAt(Raised raised) {
    add(
        Gravity.WARNING,
        "alert-raised",
        "alert '%s' is raised since %s, measured last: %s"
            .formatted(
                raised.alert(),
                raised.since(),
                raised.value().map(String::valueOf).orElse("nothing")),
        "see what it watches; it is cleared by itself");
  }

  private void lookAtRecoveries() {
    status
        .recent()
        .lastRecovery()
        .ifPresent(
            last ->
                add(
                    Gravity.NOTE,
                    "recoveries",
                    "nodes that were found dead in the last day: %d, the last at %s; jobs taken over: %d"
                        .formatted(
                            status.recent().recoveries(), last, status.recent().recoveredJobs()),
                    "holdfast recoveries"));
  }

  private void lookAtDatabase() {
    if ("NORMAL".equals(status.database().settings().get("synchronous"))) {
      add(
          Gravity.WARNING,
          "synchronous-normal",
          "this process opened the file with synchronous=NORMAL: a power cut loses what was"
              + " acknowledged last",
          "leave ?synchronous=NORMAL away");
    }
  }

  private void add(Gravity gravity, String code, String text, String cure) {
    found.add(new Finding(gravity, code, text, cure));
  }
}
