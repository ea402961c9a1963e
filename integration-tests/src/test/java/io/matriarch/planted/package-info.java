/**
 * Classes that break the architecture on purpose: each rule of {@code
 * io.matriarch.architecture.ArchitectureRules} must be seen to fail on them.
 */
package io.matriarch.planted;
