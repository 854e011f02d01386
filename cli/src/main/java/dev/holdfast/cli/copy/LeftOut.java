package dev.holdfast.cli.copy;

import dev.holdfast.Holdfast;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.error.ConflictException;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a queue that are not copied or exported with its jobs.
 *
 * @param tokens the number of API tokens, including invalid ones: one is enough to close a server
 *     to callers without a token
 * @param webhooks the number of webhooks
 * @param alerts the number of alerts
 */
public record LeftOut(long tokens, long webhooks, long alerts) {

  /** Counts them in this queue. */
  public static LeftOut of(Holdfast queue) {
    return new LeftOut(
        queue.embedding().server().tokens().list().size(),
        queue.embedding().server().webhooks().list().size(),
        queue.embedding().server().alerts().list().size());
  }

  /** Returns whether there are none. */
  public boolean isNothing() {
    return tokens == 0 && webhooks == 0 && alerts == 0;
  }

  /**
   * Refuses a target that would be more open than the source: a server without tokens lets
   * everybody on its machine do everything.
   *
   * @throws ConflictException if the source has tokens and the target has none
   */
  public void checkNotMoreOpen(Holdfast target, String name) {
    if (tokens > 0 && target.embedding().server().tokens().list().isEmpty()) {
      throw new ConflictException(
          "the queue has %s, which are not copied, and '%s' has none: a server of it would allow everything to everybody. Create tokens there first (holdfast token create … -d '%s'), or use --leave-open"
              .formatted(Text.count(tokens, "token"), name, name));
    }
  }

  /** Returns a list for people, such as {@code 2 tokens, 1 webhook}. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    add(parts, tokens, "token");
    add(parts, webhooks, "webhook");
    add(parts, alerts, "alert");
    return String.join(", ", parts);
  }

  private static void add(List<String> parts, long count, String noun) {
    if (count > 0) {
      parts.add(Text.count(count, noun));
    }
  }
}
