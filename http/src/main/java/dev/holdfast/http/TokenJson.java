package dev.holdfast.http;

import dev.holdfast.spi.server.TokenRecord;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Converts tokens to their wire form, without secrets and hashes. */
public final class TokenJson {
  private TokenJson() {}

  /** Returns a token. */
  public static Map<String, @Nullable Object> of(TokenRecord token) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", token.name());
    fields.put("role", token.role().name().toLowerCase(Locale.ROOT));
    fields.put(
        "groups",
        token.scope().groups().map(names -> names.stream().sorted().toList()).orElse(null));
    fields.put("valid", token.valid());
    fields.put("created_by", token.createdBy());
    fields.put("created_at", token.createdAt().toString());
    fields.put("expires_at", text(token.expiresAt()));
    fields.put("last_used_at", text(token.lastUsedAt()));
    fields.put("revoked_at", text(token.revokedAt()));
    return fields;
  }

  private static @Nullable String text(Optional<Instant> instant) {
    return instant.map(Instant::toString).orElse(null);
  }
}
