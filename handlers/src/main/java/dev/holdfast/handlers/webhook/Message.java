package dev.holdfast.handlers.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.spi.WebhookDelivery;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is sent: the same for every attempt, and when it is delivered again, but for what is hidden
 * of a failure, which depends on what its job holds by then.
 *
 * @param id by which a receiver knows what it has had
 * @param body JSON
 */
record Message(String id, String body) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int ID_DIGITS = 32;

  /**
   * Made of a delivery.
   *
   * @param data as it is told
   */
  static Message of(WebhookDelivery delivery, String data) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", delivery.event().word());
    fields.put("timestamp", delivery.at().toString());
    fields.put("data", JSON.readTree(data));
    return new Message(id(delivery), JSON.writeValueAsString(fields));
  }

  /**
   * Made of what happened and not of numbers: a database that was restored gives numbers again, and
   * what a receiver takes for known is lost.
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
