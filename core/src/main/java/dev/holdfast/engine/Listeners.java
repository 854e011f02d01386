package dev.holdfast.engine;

import dev.holdfast.spi.EngineListener;
import dev.holdfast.spi.Transition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes everything to the program's own listeners, and keeps their exceptions from the engine. */
final class Listeners implements EngineListener {
  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  private final List<EngineListener> all = new CopyOnWriteArrayList<>();

  void add(EngineListener listener) {
    all.add(listener);
  }

  @Override
  public void enqueued(String queue, String type) {
    each(listener -> listener.enqueued(queue, type));
  }

  @Override
  public void started(String queue, String type, Duration waited) {
    each(listener -> listener.started(queue, type, waited));
  }

  @Override
  public void ended(String queue, String type, Transition.Kind end, Duration ran) {
    each(listener -> listener.ended(queue, type, end, ran));
  }

  @Override
  public void discarded(int ends) {
    each(listener -> listener.discarded(ends));
  }

  @Override
  public void rescued(String type, RescueCause cause) {
    each(listener -> listener.rescued(type, cause));
  }

  @Override
  public void recovered(Duration delay) {
    each(listener -> listener.recovered(delay));
  }

  @Override
  public void transaction(Operation operation, Duration took) {
    each(listener -> listener.transaction(operation, took));
  }

  private void each(Consumer<EngineListener> call) {
    for (EngineListener listener : all) {
      try {
        call.accept(listener);
      } catch (RuntimeException | Error faulty) {
        log.warn("A listener failed; the engine goes on.", faulty);
      }
    }
  }
}
