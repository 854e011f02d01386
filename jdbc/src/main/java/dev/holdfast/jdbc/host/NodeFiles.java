package dev.holdfast.jdbc.host;

import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import dev.holdfast.error.PermissionException;
import dev.holdfast.error.StorageException;
import dev.holdfast.jdbc.dialect.Liveness;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.TimeSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The presence of nodes as files. Each node holds an operating-system lock on a file of its own,
 * and records in it which jobs its handlers are running. When the process dies for any reason, the
 * system frees the lock within milliseconds, also across containers: a free lock means a dead node,
 * with no clock involved. A held lock does not prove that the node works, as a stopped process
 * holds it too; then the lease decides.
 *
 * <p>On POSIX systems, closing any handle of a file frees all of the process's locks on it. So
 * files whose name says that they belong to this very process are never opened here.
 */
public final class NodeFiles implements Liveness {
  private static final String ENDING = ".node";
  private static final String CAUSE = "its process has died: the lock of its file is free";

  private static final Duration LOOK = Duration.ofMillis(100);

  private final Path folder;
  private final String ownEnding;
  private final TimeSource time;
  private final WatchedProcesses processes;
  private volatile long lookedTicks;
  private volatile boolean othersSeen;

  /**
   * Opens the files of the queue with this folder.
   *
   * @param self any node of this process, to identify the process
   */
  public NodeFiles(Path sideFolder, NodeInfo self, TimeSource time) {
    this.folder = sideFolder.resolve("nodes");
    this.ownEnding = "_" + owner(self) + ENDING;
    this.time = time;
    this.processes = new WatchedProcesses(self);
    this.lookedTicks = time.ticks() - LOOK.toNanos();
  }

  @Override
  public Presence announce(NodeInfo node) {
    try {
      PrivateFiles.createFolder(folder);
      return NodeFile.create(folder, fileName(node));
    } catch (AccessDeniedException denied) {
      throw new PermissionException(
          "no access to '%s': it must be writable for this user".formatted(folder), denied);
    } catch (IOException failure) {
      throw new StorageException(
          "the node's file in '%s' cannot be created: %s".formatted(folder, failure.getMessage()),
          failure);
    }
  }

  @Override
  public void watch(NodeInfo node) {
    boolean hasFile =
        files().stream().anyMatch(file -> nodeOf(file).filter(node.id()::equals).isPresent());
    if (!hasFile) {
      processes.watch(node);
    }
  }

  private static String fileName(NodeInfo node) {
    return node.id() + "_" + owner(node) + ENDING;
  }

  /** Identifies a process: its id, its start, and the namespace of that id. */
  private static String owner(NodeInfo node) {
    String namespace = node.pidNamespace().replaceAll("[^0-9]", "");
    return node.processId() + "-" + node.startTicks() + "-" + namespace;
  }

  @Override
  public List<Death> deaths() {
    List<Death> deaths = new ArrayList<>(processes.deaths());
    for (Path file : files()) {
      if (!isOwn(file) && isFree(file)) {
        nodeOf(file).ifPresent(node -> deaths.add(Death.proven(node, CAUSE)));
      }
    }
    return deaths;
  }

  /**
   * Returns whether a process that may be this one has a node of the queue with this folder. Frees
   * the locks of this process's nodes, so it must not have any.
   */
  public static boolean anyHeld(Path sideFolder) {
    return files(sideFolder.resolve("nodes")).stream()
        .anyMatch(file -> Files.exists(file) && !isFree(file));
  }

  /** Returns whether other processes have nodes, as seen at most a moment ago. */
  public boolean othersPresent() {
    long now = time.ticks();
    if (now - lookedTicks >= LOOK.toNanos()) {
      lookedTicks = now;
      othersSeen = files().stream().anyMatch(file -> !isOwn(file));
    }
    return othersSeen;
  }

  /**
   * Returns whether a node's process is known to be alive on this host; nodes of other hosts are
   * not visible.
   */
  public boolean lives(NodeId node) {
    return files().stream()
        .filter(file -> nodeOf(file).filter(node::equals).isPresent())
        .anyMatch(file -> isOwn(file) || !isFree(file));
  }

  private List<Path> files() {
    return files(folder);
  }

  private static List<Path> files(Path folder) {
    String @Nullable [] names = folder.toFile().list(); // the cheapest way: this is called often
    if (names == null) {
      return List.of(); // there has been no node yet
    }
    return Arrays.stream(names).filter(name -> name.endsWith(ENDING)).map(folder::resolve).toList();
  }

  private boolean isOwn(Path file) {
    return file.getFileName().toString().endsWith(ownEnding);
  }

  private static Optional<NodeId> nodeOf(Path file) {
    String name = file.getFileName().toString();
    int end = name.indexOf('_');
    try {
      return Optional.of(new NodeId(UUID.fromString(name.substring(0, Math.max(0, end)))));
    } catch (IllegalArgumentException foreign) {
      return Optional.empty();
    }
  }

  private static boolean isFree(Path file) {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock(NodeFile.LOCK_POSITION, 1, false)) {
      return lock != null;
    } catch (NoSuchFileException ended) {
      return false;
    } catch (OverlappingFileLockException ownProcess) {
      return false;
    } catch (IOException notWritable) {
      return isFreeToReaders(file);
    }
  }

  /**
   * Checks on a read-only file system: a shared lock conflicts with the holder's exclusive lock.
   */
  private static boolean isFreeToReaders(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        FileLock lock = channel.tryLock(NodeFile.LOCK_POSITION, 1, true)) {
      return lock != null;
    } catch (OverlappingFileLockException | IOException unknown) {
      return false; // then the lease decides
    }
  }

  @Override
  public Optional<Set<JobId>> begunBy(NodeId node) {
    for (Path file : files()) {
      if (!isOwn(file) && nodeOf(file).filter(node::equals).isPresent()) {
        return NodeFile.read(file);
      }
    }
    return Optional.empty();
  }

  @Override
  public void deregister(NodeId node) {
    processes.forget(node);
    for (Path file : files()) {
      if (!isOwn(file) && nodeOf(file).filter(node::equals).isPresent() && isFree(file)) {
        try {
          Files.deleteIfExists(file);
        } catch (IOException later) {
          // it is found again, and deregistered again
        }
      }
    }
  }
}
