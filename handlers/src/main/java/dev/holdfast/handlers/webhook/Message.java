package dev.holdfast.handlers.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.spi.server.WebhookDelivery;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A message to send: the same for every attempt and redelivery, except for redacted parts of a
 * failure, which depend on the job's contents at that time.
 *
 * @param id the id by which a receiver detects duplicates
 * @param body JSON
 */
record Message(String id, String body) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int ID_DIGITS = 32;

  /**
   * Creates the message of a delivery.
   *
   * @param data the redacted data
   */
  static Message of(WebhookDelivery delivery, String data) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", delivery.event().word());
    fields.put("timestamp", delivery.at().toString());
    fields.put("data", JSON.readTree(data));
    return new Message(id(delivery), JSON.writeValueAsString(fields));
  }

  /**
   * Derives the id from the event rather than from numbers: a restored database assigns numbers
   * again, and a receiver would drop new events as duplicates.
   */
  private static String id(WebhookDelivery delivery) {
    String facts =
        String.join(
            "\n",
            delivery.webhook(),
            delivery.event().word(),
            delivery.subject(),
            delivery.at().toString());
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(facts.getBytes(UTF_8));
      return "msg_" + HexFormat.of().formatHex(digest).substring(0, ID_DIGITS);
    } catch (NoSuchAlgorithmException everyPlatformHasIt) {
      throw new IllegalStateException("no SHA-256: a bug", everyPlatformHasIt);
    }
  }
}
