package dev.holdfast.spi;

import java.util.Optional;
import java.util.Set;

/**
 * Whom to tell of what.
 *
 * @param id its identity, for ever
 * @param url where it is told
 * @param secret what deliveries are signed with: {@code whsec_} and the key in Base64
 * @param events of what
 * @param queue of jobs of this queue only, or empty for all; as the two below, no matter for what
 *     happens to no job
 * @param type of jobs of this type only, or empty for all
 * @param group of jobs of this group only, or empty for all
 * @param enabled whether it is told anything
 * @param createdBy who asked for it
 */
public record Webhook(
    String id,
    String url,
    String secret,
    Set<WebhookEvent> events,
    Optional<String> queue,
    Optional<String> type,
    Optional<String> group,
    boolean enabled,
    String createdBy) {
  /** Copies the events. */
  public Webhook {
    events = Set.copyOf(events);
  }

  /** Whether it is to be told that {@code event} happened to a job of this kind. */
  public boolean wants(
      WebhookEvent event, String ofQueue, String ofType, Optional<String> ofGroup) {
    return wants(event)
        && queue.map(ofQueue::equals).orElse(true)
        && type.map(ofType::equals).orElse(true)
        && group.map(own -> ofGroup.equals(Optional.of(own))).orElse(true);
  }

  /** Whether it is to be told that {@code event} happened, to whatever. */
  public boolean wants(WebhookEvent event) {
    return enabled && events.contains(event);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "Webhook[id=" + id + ", url=" + url + ", events=" + events + "]";
  }
}
