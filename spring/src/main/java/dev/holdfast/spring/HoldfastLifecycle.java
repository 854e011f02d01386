package dev.holdfast.spring;

import dev.holdfast.Holdfast;
import dev.holdfast.NodeConfig;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.InvalidRequestException;
import java.util.Optional;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.ClassUtils;

/**
 * Starts a queue's node with the context and stops both cleanly with it: the web server takes
 * requests only after the node has started, and the queue closes only after the web server has.
 * Handlers may use every bean until they have ended.
 */
public final class HoldfastLifecycle implements SmartLifecycle {
  /** The phase: starts before the web server, and stops after it. */
  public static final int PHASE = DEFAULT_PHASE - 4_096;

  private static final String TRANSACTIONS =
      "org.springframework.transaction.support.TransactionSynchronizationManager";

  private final Holdfast holdfast;
  private final ConfigurableListableBeanFactory beans;
  private final Optional<NodeConfig> config;
  private volatile boolean running;

  /**
   * A life cycle for a queue that is open.
   *
   * @param beans where handlers, schedules and {@linkplain HoldfastCustomizer customizers} are
   * @param config of the node; empty to run no handlers in this process
   */
  public HoldfastLifecycle(
      Holdfast holdfast, ConfigurableListableBeanFactory beans, Optional<NodeConfig> config) {
    this.holdfast = holdfast;
    this.beans = beans;
    this.config = config;
  }

  /**
   * Names the handlers to the queue, declares the schedules and starts the node. From now on steps
   * and waits of handlers are refused in transactions of Spring, except {@code stepIn}.
   *
   * @throws InvalidRequestException naming every handler that is wrong, and why
   * @throws ConflictException if it was stopped before
   */
  @Override
  public void start() {
    if (holdfast.isClosed()) {
      throw new ConflictException(
          "the queue was closed when the context stopped: refresh the context instead of starting"
              + " it again");
    }
    if (ClassUtils.isPresent(TRANSACTIONS, HoldfastLifecycle.class.getClassLoader())) {
      holdfast.embedding().refuseStepsIn(new SpringTransactions());
    }
    HandlerBeans handlers = HandlerBeans.find(beans);
    handlers.register(holdfast);
    beans
        .getBeanProvider(HoldfastCustomizer.class)
        .orderedStream()
        .forEach(customizer -> customizer.customize(holdfast, handlers.types()));
    handlers.declareSchedules(holdfast);
    config.ifPresent(holdfast::start);
    running = true;
  }

  /** Stops the node cleanly and closes the queue; returns when that is done. */
  @Override
  public void stop() {
    holdfast.close();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }

  /** Returns false: contexts that tests cache do not start it again. Called by Spring 7. */
  @SuppressWarnings("MissingOverride") // it overrides a method that Spring 6 does not have
  public boolean isPauseable() {
    return false;
  }
}
