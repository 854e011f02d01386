package dev.holdfast.spi.server;

import dev.holdfast.spi.JobStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The part of a {@link JobStore} that keeps the tokens with which a server authenticates callers.
 */
public interface TokenStore {

  /**
   * Writes a token.
   *
   * @throws dev.holdfast.error.ConflictException if one of this name or hash has ever existed
   */
  void create(NewToken token);

  /** Returns the token with this hash, valid or not. */
  Optional<TokenRecord> find(String hash);

  /** Returns all tokens by name, including those that are no longer valid. */
  List<TokenRecord> list();

  /** Revokes a token at once. @return whether there was an unrevoked one of this name */
  boolean revoke(String name);

  /** Records that the token was used now. */
  void used(String name);

  /**
   * Ends a session that was begun with a token.
   *
   * @param id the id of the session, 1 to 64 characters
   * @param kept how long to remember that; from then on the session must be over in any case
   */
  void endSession(String id, Duration kept);

  /** Returns whether this session was ended, as long as that is remembered. */
  boolean isSessionEnded(String id);
}
