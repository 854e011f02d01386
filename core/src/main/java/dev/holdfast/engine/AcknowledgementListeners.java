package dev.holdfast.engine;

import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Lease;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners to durable acknowledgements; one that fails does not keep the others from them. */
public final class AcknowledgementListeners {
  private static final Logger log = LoggerFactory.getLogger(AcknowledgementListeners.class);

  private final List<BiConsumer<List<Acknowledgement>, List<Lease>>> listeners =
      new CopyOnWriteArrayList<>();

  /** Adds a listener. */
  public void add(BiConsumer<List<Acknowledgement>, List<Lease>> listener) {
    listeners.add(listener);
  }

  /** Calls all listeners, in the order in which they were added. */
  public void call(List<Acknowledgement> acknowledgements, List<Lease> stale) {
    for (BiConsumer<List<Acknowledgement>, List<Lease>> listener : listeners) {
      try {
        listener.accept(acknowledgements, stale);
      } catch (RuntimeException failure) {
        log.warn("A listener of acknowledgements failed.", failure);
      }
    }
  }
}
