@NullMarked
package dev.holdfast.handlers;

import org.jspecify.annotations.NullMarked;
