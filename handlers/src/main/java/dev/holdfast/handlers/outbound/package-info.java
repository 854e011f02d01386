/**
 * Calls to URLs named by strangers, without exposing this machine's position in its network.
 *
 * <p>A {@link dev.holdfast.handlers.outbound.Target} is a URL whose spelling is allowed; {@code
 * Addresses} decides which addresses are on the public internet; {@link
 * dev.holdfast.handlers.outbound.Outbound} resolves a name once, and connects to the very addresses
 * that it has checked.
 */
@NullMarked
package dev.holdfast.handlers.outbound;

import org.jspecify.annotations.NullMarked;
