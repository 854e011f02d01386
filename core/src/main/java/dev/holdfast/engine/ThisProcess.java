package dev.holdfast.engine;

import static java.util.Objects.requireNonNull;

import dev.holdfast.NodeId;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.ThisHost;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Facts about the process that a node runs in. */
public final class ThisProcess {
  private ThisProcess() {}

  /** Creates a new node identity in this process. */
  public static NodeInfo newNode(String name) {
    return new NodeInfo(
        new NodeId(UUID.randomUUID()),
        name,
        host(),
        ProcessHandle.current().pid(),
        startTicks(),
        ThisHost.bootId(),
        ThisHost.pidNamespace(),
        version());
  }

  /** Returns the host's name, for display. */
  public static String host() {
    return ThisHost.name();
  }

  /**
   * Returns the process's start in clock ticks since boot; 0 where the system does not provide it.
   */
  public static long startTicks() {
    return ThisHost.startTicks(ProcessHandle.current().pid());
  }

  /** Returns the version of Holdfast, as written by its build. */
  public static String version() {
    try (InputStream text = ThisProcess.class.getResourceAsStream("version.txt")) {
      return new String(requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
