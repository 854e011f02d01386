package dev.holdfast.spi;

import java.util.List;
import java.util.Optional;

/** The part of a {@link JobStore} that keeps the tokens by which a server knows its callers. */
public interface TokenStore {

  /**
   * Writes a token.
   *
   * @throws dev.holdfast.ConflictException if there was ever one of this name or hash
   */
  void create(NewToken token);

  /** The token with this hash, valid or not. */
  Optional<TokenRecord> find(String hash);

  /** All tokens by their names, with those that are no longer valid. */
  List<TokenRecord> list();

  /** Ends a token at once. @return whether there is one of this name that was not revoked */
  boolean revoke(String name);

  /** Remembers that the token was used now. */
  void used(String name);
}
