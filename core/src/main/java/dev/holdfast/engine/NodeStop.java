package dev.holdfast.engine;

import dev.holdfast.JobId;
import dev.holdfast.spi.EngineRuntime;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way in which a process stops its node. An interrupt ends the waiting, not the stopping. */
public final class NodeStop {
  private static final Logger log = LoggerFactory.getLogger(NodeStop.class);

  /** Maximum wait for interrupted handlers; longer than ending a child process takes. */
  private static final Duration INTERRUPTED_MAX = Duration.ofSeconds(8);

  private static final Duration FLUSH_MAX = Duration.ofSeconds(15);

  private final Node node;
  private final EngineRuntime runtime;

  /** Creates the way to stop this node, which runs on {@code runtime}. */
  public NodeStop(Node node, EngineRuntime runtime) {
    this.node = node;
    this.runtime = runtime;
  }

  /**
   * Claims no more jobs, and waits for the running handlers.
   *
   * @return those that still run, each with how long it has been running
   */
  public Map<JobId, Duration> drain(Duration wait) {
    awaitQuietly(node.drain(), wait);
    return node.running();
  }

  /** Claims no more, as the process exits; a handler may have caused that. */
  public void beforeExit() {
    awaitQuietly(node.stopClaiming(), FLUSH_MAX);
    node.processExits();
  }

  /**
   * Claims no more, waits for the handlers, interrupts the rest, and makes every end durable.
   *
   * @param grace maximum wait for handlers that are not interrupted
   * @param report logs the stop
   */
  public void inOrder(Duration grace, ShutdownReport report) {
    boolean drained = awaitQuietly(node.drain(), grace);
    if (!drained) {
      report.graceEnded(grace);
      awaitQuietly(node.interrupt(), INTERRUPTED_MAX);
    }
    report.handlersEnded();
    if (!awaitQuietly(node.settle(), FLUSH_MAX)) {
      log.warn("The store did not take all acknowledgements; those jobs will start again.");
    }
    report.setAside(node.setAside());
    node.end();
    report.write();
  }

  /** Waits for {@code future}. @return whether it completed */
  private boolean awaitQuietly(CompletableFuture<@Nullable Void> future, Duration wait) {
    try {
      return runtime.await(future, wait);
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException failure) {
      throw new IllegalStateException("a stop failed: a bug", failure.getCause());
    }
  }
}
