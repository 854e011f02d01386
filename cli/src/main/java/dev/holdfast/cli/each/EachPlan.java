package dev.holdfast.cli.each;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.Limits;
import dev.holdfast.NodeConfig;
import dev.holdfast.handlers.exec.AllowedPrograms;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What {@code each} was asked to do.
 *
 * @param command the program and its arguments, with places for the item
 * @param folder where the commands run
 * @param name the run's name
 * @param node how the node works that runs them, whatever queues it names
 * @param retries how often a failed item is tried again
 * @param timeout how long a command may run
 * @param delimiter what ends an item of the input
 * @param outputFolder where the output of each item goes, instead of to ours
 * @param isFresh whether to begin a new run in any case
 */
public record EachPlan(
    List<String> command,
    Path folder,
    Optional<String> name,
    NodeConfig node,
    int retries,
    Optional<Duration> timeout,
    char delimiter,
    Optional<Path> outputFolder,
    boolean isFresh) {

  /** What a run may be called; it becomes a part of names of groups, queues and folders. */
  static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}._-]{0,79}");

  private static final int HASH_CHARS = 12;

  /**
   * Checks what the store would not.
   *
   * @throws InvalidRequestException naming the value and what was expected
   */
  public EachPlan {
    command = List.copyOf(command);
    if (name.isPresent() && !NAME.matcher(name.get()).matches()) {
      throw new InvalidRequestException(
          "run name '%s' is not possible: expected 1 to 80 letters, digits, '_', '-' or '.', beginning with a letter or digit"
              .formatted(name.get()));
    }
    if (retries < 0 || retries >= Limits.ATTEMPTS_MAX) {
      throw new InvalidRequestException(
          "retries must be 0 to %d, was %d".formatted(Limits.ATTEMPTS_MAX - 1, retries));
    }
  }

  /** Its own program; whatever stands in the database. One that an item names can be any. */
  AllowedPrograms allowed() {
    String program = command.get(0);
    return program.contains("{") ? AllowedPrograms.all() : AllowedPrograms.of(List.of(program));
  }

  /** What its run is known by: the name, else command and folder. */
  String base() {
    return name.orElseGet(this::hash);
  }

  /** Tells one command and folder from another. */
  String hash() {
    MessageDigest digest = sha256();
    command.forEach(part -> digest.update((part + "\0").getBytes(UTF_8)));
    byte[] hash = digest.digest(folder.toString().getBytes(UTF_8));
    return HexFormat.of().formatHex(hash).substring(0, HASH_CHARS);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException cannotHappen) {
      throw new IllegalStateException("every Java has SHA-256", cannotHappen);
    }
  }
}
