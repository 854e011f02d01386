package dev.holdfast.sqlite;

import dev.holdfast.jdbc.host.NodeFiles;
import dev.holdfast.jdbc.host.PrivateFiles;
import dev.holdfast.spi.JobStore.Subscription;
import dev.holdfast.spi.Signal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes listeners: those in this process directly, those in others by writing to a file that they
 * watch, one for each signal, in a folder of its own. It is a hint: if a system cannot watch files,
 * or a hint is lost, polling finds the work a moment later.
 */
final class Doorbell implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Doorbell.class);

  private final Path folder;
  private final ThreadFactory threads;
  private final NodeFiles nodes;
  private final List<Consumer<Signal>> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Signal, FileChannel> bells = new EnumMap<>(Signal.class); // guarded by lock
  private @Nullable WatchService watch; // guarded by lock

  Doorbell(Path sideFolder, ThreadFactory threads, NodeFiles nodes) {
    this.folder = sideFolder.resolve("doorbell");
    this.threads = threads;
    this.nodes = nodes;
  }

  /** Notifies all processes, after the commit. */
  void ring(Set<Signal> signals) {
    for (Signal signal : signals) {
      tellListeners(signal);
    }
    if (nodes.othersPresent()) {
      signals.forEach(this::ringOthers);
    }
  }

  private void tellListeners(Signal signal) {
    for (Consumer<Signal> listener : listeners) {
      listener.accept(signal);
    }
  }

  private void ringOthers(Signal signal) {
    lock.lock();
    try {
      FileChannel bell = bells.get(signal);
      if (bell == null) {
        PrivateFiles.createFolder(folder);
        Path file = folder.resolve(fileName(signal));
        PrivateFiles.createFile(file);
        bell = FileChannel.open(file, StandardOpenOption.WRITE);
        bells.put(signal, bell);
      }
      bell.write(ByteBuffer.wrap(new byte[] {'!'}), 0);
    } catch (IOException failure) {
      bells.remove(signal); // an interrupt of the calling thread closes a channel for good
      log.debug("The doorbell cannot be rung; other processes find the work by polling.", failure);
    } finally {
      lock.unlock();
    }
  }

  private static String fileName(Signal signal) {
    return signal.name().toLowerCase(Locale.ROOT);
  }

  Subscription listen(Consumer<Signal> listener) {
    listeners.add(listener);
    lock.lock();
    try {
      if (watch == null) {
        startWatching();
      }
    } finally {
      lock.unlock();
    }
    return () -> listeners.remove(listener);
  }

  private void startWatching() {
    try {
      PrivateFiles.createFolder(folder);
      for (Signal signal : Signal.values()) {
        PrivateFiles.createFile(folder.resolve(fileName(signal)));
      }
      WatchService service = folder.getFileSystem().newWatchService();
      folder.register(service, StandardWatchEventKinds.ENTRY_MODIFY);
      watch = service;
      threads.newThread(() -> listenTo(service)).start();
    } catch (IOException failure) {
      log.info("The doorbell cannot be watched; work is found by polling.", failure);
    }
  }

  private void listenTo(WatchService service) {
    try {
      while (true) {
        WatchKey key = service.take();
        signals(key.pollEvents()).forEach(this::tellListeners);
        if (!key.reset()) {
          log.info("The doorbell's folder is gone; work is found by polling.");
          return;
        }
      }
    } catch (ClosedWatchServiceException | InterruptedException end) {
      // closed
    }
  }

  /**
   * Returns the signals of these events. An overflow of the system's queue counts as all of them.
   */
  private static Set<Signal> signals(List<WatchEvent<?>> events) {
    Set<Signal> signals = EnumSet.noneOf(Signal.class);
    for (WatchEvent<?> event : events) {
      for (Signal signal : Signal.values()) {
        if (event.context() == null || event.context().toString().equals(fileName(signal))) {
          signals.add(signal);
        }
      }
    }
    return signals;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (watch != null) {
        watch.close();
      }
      for (FileChannel bell : bells.values()) {
        bell.close();
      }
      bells.clear();
    } catch (IOException failure) {
      log.debug("The doorbell did not close.", failure);
    } finally {
      lock.unlock();
    }
  }
}
