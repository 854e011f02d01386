package dev.holdfast.cli.each;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.NodeConfig;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
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
 * The options of one {@code each} command.
 *
 * @param command the program and its arguments, with placeholders for the item
 * @param folder the working directory of the commands
 * @param name the run's name
 * @param node the configuration of the node that runs them; its queues are ignored
 * @param retries the maximum number of retries of a failed item
 * @param timeout the maximum run time of a command
 * @param delimiter the character that ends an item of the input
 * @param outputFolder the folder for the output of each item, instead of our own output
 * @param isFresh whether to always begin a new run
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

  /** The valid names of a run; they become part of the names of groups, queues and folders. */
  static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}._-]{0,79}");

  private static final int HASH_CHARS = 12;

  /**
   * Validates what the store would not.
   *
   * @throws InvalidRequestException naming the value and what was expected
   */
  public EachPlan {
    command = List.copyOf(command);
    if (name.isPresent() && !NAME.matcher(name.get()).matches()) {
      throw new InvalidRequestException(
          "invalid run name '%s': expected 1 to 80 letters, digits, '_', '-' or '.', beginning with a letter or digit"
              .formatted(name.get()));
    }
    if (retries < 0 || retries >= Limits.ATTEMPTS_MAX) {
      throw new InvalidRequestException(
          "retries must be 0 to %d, was %d".formatted(Limits.ATTEMPTS_MAX - 1, retries));
    }
  }

  /**
   * Returns the allowed programs: only this one, no matter what the database contains, or any if an
   * item names the program.
   */
  AllowedPrograms allowed() {
    String program = command.get(0);
    return program.contains("{") ? AllowedPrograms.all() : AllowedPrograms.of(List.of(program));
  }

  /** Returns the identity of the run: the name, else command and folder. */
  String base() {
    return name.orElseGet(this::hash);
  }

  /** Returns a hash of command and folder. */
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
