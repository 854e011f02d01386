package dev.holdfast.test.memory;

import dev.holdfast.error.ConflictException;
import dev.holdfast.spi.server.NewToken;
import dev.holdfast.spi.server.TokenRecord;
import dev.holdfast.spi.server.TokenStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The tokens of a memory store. */
final class MemoryTokens implements TokenStore {
  private final MemoryJobStore store;
  private final MemoryTables tables;

  MemoryTokens(MemoryJobStore store, MemoryTables tables) {
    this.store = store;
    this.tables = tables;
  }

  @Override
  public void create(NewToken token) {
    TokenRecord unused =
        store.changing(
            (now, signals) -> {
              if (tables.tokens.values().stream().anyMatch(known -> isKnown(known, token))) {
                throw new ConflictException(
                    "the token name '%s' is already used: choose another name"
                        .formatted(token.name()));
              }
              TokenRecord made =
                  new TokenRecord(
                      token.name(),
                      token.hash(),
                      token.role(),
                      token.scope(),
                      token.createdBy(),
                      now,
                      token.validFor().map(now::plus),
                      Optional.empty(),
                      Optional.empty(),
                      true);
              tables.tokens.put(token.name(), made);
              return made;
            });
  }

  private static boolean isKnown(TokenRecord known, NewToken token) {
    return known.name().equals(token.name()) || known.hash().equals(token.hash());
  }

  @Override
  public Optional<TokenRecord> find(String hash) {
    return list().stream().filter(token -> token.hash().equals(hash)).findFirst();
  }

  @Override
  public List<TokenRecord> list() {
    return store.locked(
        (now, signals) ->
            tables.tokens.values().stream()
                .map(token -> with(token, token.lastUsedAt(), token.revokedAt(), now))
                .toList());
  }

  @Override
  public boolean revoke(String name) {
    return store.changing(
        (now, signals) -> {
          Optional<TokenRecord> token =
              Optional.ofNullable(tables.tokens.get(name))
                  .filter(known -> known.revokedAt().isEmpty());
          token.ifPresent(
              known ->
                  tables.tokens.put(name, with(known, known.lastUsedAt(), Optional.of(now), now)));
          return token.isPresent();
        });
  }

  @Override
  public void used(String name) {
    Optional<TokenRecord> unused =
        store.changing(
            (now, signals) ->
                Optional.ofNullable(
                    tables.tokens.computeIfPresent(
                        name,
                        (same, known) -> with(known, Optional.of(now), known.revokedAt(), now))));
  }

  @Override
  public void endSession(String id, Duration kept) {
    boolean unused =
        store.changing(
            (now, signals) -> {
              tables.endedSessions.values().removeIf(until -> until.isBefore(now));
              return tables.endedSessions.putIfAbsent(id, now.plus(kept)) == null;
            });
  }

  @Override
  public boolean isSessionEnded(String id) {
    return store.locked((now, signals) -> tables.endedSessions.containsKey(id));
  }

  private static TokenRecord with(
      TokenRecord token, Optional<Instant> used, Optional<Instant> revoked, Instant now) {
    return new TokenRecord(
        token.name(),
        token.hash(),
        token.role(),
        token.scope(),
        token.createdBy(),
        token.createdAt(),
        token.expiresAt(),
        used,
        revoked,
        revoked.isEmpty() && token.expiresAt().map(now::isBefore).orElse(true));
  }
}
