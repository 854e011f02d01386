package dev.holdfast.engine;

import dev.holdfast.spi.Companion;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The components that close with a queue; one that fails does not keep the others from it. */
public final class Companions {
  private static final Logger log = LoggerFactory.getLogger(Companions.class);

  private final List<Companion> companions = new CopyOnWriteArrayList<>();

  /** Adds a component. */
  public void add(Companion companion) {
    companions.add(companion);
  }

  /** Announces that the queue closes: its handlers still run. */
  public void queueCloses() {
    each(Companion::queueCloses);
  }

  /** Closes the components: no handler runs any more. */
  public void close() {
    each(Companion::close);
  }

  private void each(Consumer<Companion> step) {
    for (Companion companion : companions) {
      try {
        step.accept(companion);
      } catch (RuntimeException failure) {
        log.warn("A component that closes with the queue did not end in order.", failure);
      }
    }
  }
}
