/** Who may do what: tokens, roles, permissions. */
@NullMarked
package dev.holdfast.server.access;

import org.jspecify.annotations.NullMarked;
