package dev.holdfast.cli.copy;

import dev.holdfast.Holdfast;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodePhase;
import dev.holdfast.QueueStatus;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.cli.terminal.Threads;
import java.time.Duration;
import java.util.List;

/** Drains all nodes: running jobs finish, and no others start. */
final class Draining {
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(200);

  private final Holdfast queue;
  private final Console console;

  Draining(Holdfast queue, Console console) {
    this.queue = queue;
    this.console = console;
  }

  /**
   * Waits until all nodes are drained, including those that start meanwhile, or until the time is
   * over.
   */
  void run(Duration longest) throws InterruptedException {
    long start = console.time().ticks();
    boolean isFirst = true;
    while (true) {
      List<QueueStatus.Node> living = living();
      boolean isNew = living.stream().anyMatch(node -> node.command() != NodeCommand.DRAIN);
      if (isNew) {
        queue.queue().nodes().command(NodeCommand.DRAIN, List.of());
      }
      long busy = living.stream().filter(Draining::isBusy).count();
      if (busy == 0 || console.time().ticks() - start >= longest.toNanos()) {
        return;
      }
      if (isFirst) {
        console.say("told the nodes to drain; waiting for " + Text.count(busy, "node"));
        isFirst = false;
      }
      Threads.pause(LOOK_INTERVAL);
    }
  }

  private List<QueueStatus.Node> living() {
    return queue.queue().status().nodes().stream().filter(QueueStatus.Node::alive).toList();
  }

  private static boolean isBusy(QueueStatus.Node node) {
    return node.phase() != NodePhase.QUIET || node.held() > 0;
  }
}
