/* SPDX-License-Identifier: MIT */
/* The rules that are checked, by their ids in docs/rules.csv.
 *
 * CHECKED are the verifier's; the ENFORCED ones stop a driver in the core itself, verified or not.
 */
#pragma once

#define CHECKED(X)                                                                                 \
    X(SEND_ONCE, "send-complete-exactly-once")                                                     \
    X(SEND_LOST, "send-never-lost")                                                                \
    X(SEND_STATUS_SET, "send-status-set")                                                          \
    X(SEND_STATUS_FINAL, "send-status-final")                                                      \
    X(SEND_NBS, "send-nb-list-unmodified")                                                         \
    X(SEND_LAYOUT, "send-mdl-chain-restored")                                                      \
    X(SEND_SOURCE_P, "send-source-handle-protocol")                                                \
    X(SEND_SOURCE_F, "send-source-handle-filter")                                                  \
    X(SEND_OWN, "send-complete-own-only")                                                          \
    X(SEND_HANDLER, "send-needs-complete-handler")                                                 \
    X(SEND_STATE_F, "send-filter-paused-no-originate")                                             \
    X(SEND_STATE_P, "send-protocol-paused")                                                        \
    X(SEND_FLAGS, "send-flags-dispatch-truth")                                                     \
    X(SEND_IN_FLIGHT, "nbl-mdl-not-shared-in-flight")                                              \
    X(RECV_IN_FLIGHT, "recv-reuse-in-flight")                                                      \
    X(RECV_LENT_RETURN, "recv-resources-no-return")                                                \
    X(RECV_LENT_KEEP, "recv-resources-no-keep")                                                    \
    X(TOUCH_SENT, "send-no-touch-after-send")                                                      \
    X(TOUCH_COMPLETED, "send-no-touch-after-complete")                                             \
    X(TOUCH_INDICATED, "recv-no-touch-while-indicated")                                            \
    X(TOUCH_RETURNED, "recv-no-touch-after-return")                                                \
    X(TOUCH_ASKED, "oid-complete-before-return")                                                   \
    X(TOUCH_ANSWERED, "oid-buffer-not-kept")                                                       \
    X(RECV_LENT_CHAIN, "recv-resources-restore-chain")                                             \
    X(RECV_LENT_FLAG, "recv-resources-propagate")                                                  \
    X(RECV_ONCE, "recv-return-exactly-once")                                                       \
    X(RECV_LOST, "recv-return-never-lost")                                                         \
    X(RECV_BINDING, "recv-return-right-binding")                                                   \
    X(RECV_OWN, "recv-return-own-only")                                                            \
    X(RECV_SOURCE_M, "recv-source-handle-miniport")                                                \
    X(RECV_SOURCE_F, "recv-source-handle-filter")                                                  \
    X(RECV_NUMBER, "recv-number-matches")                                                          \
    X(RECV_ONE_NB, "recv-one-nb-per-nbl")                                                          \
    X(RECV_STATE_M, "recv-state-running")                                                          \
    X(RECV_STATE_F, "recv-filter-state")                                                           \
    X(RECV_HANDLER, "recv-needs-return-handler")                                                   \
    X(RECV_LOCK, "recv-no-lock-held")                                                              \
    X(NBL_POOL, "nbl-from-pool")                                                                   \
    X(NBL_FREE_OWNER, "nbl-free-not-in-flight")                                                    \
    X(NBL_FREE_ONCE, "nbl-double-free")                                                            \
    X(NBL_POOL_EMPTY, "nbl-pool-free-empty")                                                       \
    X(NBL_POOL_FREED, "nbl-pool-freed")                                                            \
    X(NBL_POOL_HEADER, "nbl-pool-params-header")                                                   \
    X(NBL_CYCLE, "nbl-chain-acyclic")                                                              \
    X(NBL_NONE, "nbl-chain-not-empty")                                                             \
    X(OID_ONCE, "oid-complete-exactly-once")                                                       \
    X(OID_AFTER_SYNC, "oid-no-complete-after-sync")                                                \
    X(OID_PENDING, "oid-pending-completes")                                                        \
    X(OID_FINAL, "oid-final-status")                                                               \
    X(OID_WRITTEN, "oid-byteswritten-bound")                                                       \
    X(OID_HEADER, "oid-request-header")                                                            \
    X(OID_CLONE, "oid-clone-for-forward")                                                          \
    X(OID_CLONE_FREED, "oid-clone-freed")                                                          \
    X(OID_FILTER_ONCE, "oid-filter-complete-once")                                                 \
    X(OID_FILTER_DROP, "oid-filter-drop-none")                                                     \
    X(OID_LOCK, "oid-no-lock-held")                                                                \
    X(OID_STATE_F, "oid-state-filter")                                                             \
    X(PAUSE_OUT_M, "st-m-pause-outstanding")                                                       \
    X(PAUSE_OUT_F, "st-f-pause-outstanding")                                                       \
    X(PAUSE_OUT_P, "st-p-pause-outstanding")                                                       \
    X(CLOSE_OUT, "st-p-close-outstanding")                                                         \
    X(LATE_M, "st-m-halt-no-calls-after")                                                          \
    X(LATE_F, "st-f-detach-no-calls-after")                                                        \
    X(LATE_P, "st-p-no-handle-after-close")                                                        \
    X(HEADER_TYPE, "hd-type")                                                                      \
    X(HEADER_REVISION, "hd-revision-known")                                                        \
    X(HEADER_SIZE, "hd-size-matches-revision")                                                     \
    X(HANDLERS_M, "rg-mandatory-handlers")                                                         \
    X(HANDLERS_RESET, "rg-hang-reset-pair")                                                        \
    X(HANDLERS_F, "rg-filter-mandatory")                                                           \
    X(HANDLERS_P, "st-p-handlers-required")                                                        \
    X(VERSION, "rg-version-supported")                                                             \
    X(IRQL_NDIS, "irql-function-table")                                                            \
    X(IRQL_KERNEL, "irql-kernel-function-table")                                                   \
    X(IRQL_HANDLER, "irql-handler-restores")                                                       \
    X(IRQL_WAIT, "irql-no-block-at-dispatch")                                                      \
    X(IRQL_EVENT, "irql-wait-event-passive")                                                       \
    X(IRQL_SLEEP, "irql-sleep-passive")                                                            \
    X(LOCK_TWICE, "lk-acquire-unlocked")                                                           \
    X(LOCK_OWNER, "lk-release-held")                                                               \
    X(LOCK_EXIT, "lk-released-at-exit")                                                            \
    X(LOCK_ACROSS, "lk-not-across-ndis")                                                           \
    X(LOCK_FREED, "lk-not-freed-held")                                                             \
    X(STATUS_LOCK, "ss-no-lock")                                                                   \
    X(STATUS_HEADER, "ss-header")                                                                  \
    X(FREE_ONCE, "mm-double-free")                                                                 \
    X(FREE_TAG, "mm-generic-object")                                                               \
    X(LEAK_MEMORY, "mm-leak-at-unload")                                                            \
    X(LEAK_MDL, "mm-mdl-balanced")                                                                 \
    X(LEAK_TIMER, "tm-freed")                                                                      \
    X(LEAK_WORK, "wi-freed")                                                                       \
    X(LEAK_DEVICE, "cf-device-deregister")                                                         \
    X(LEAK_CONFIGURATION, "cf-open-close")                                                         \
    X(IRQL_FILTER, "irql-filter")                                                                  \
    X(IRQL_MINIPORT, "irql-miniport")                                                              \
    X(IRQL_MISC, "irql-misc")                                                                      \
    X(IRQL_NETBUFFER, "irql-netbuffer")                                                            \
    X(IRQL_OID, "irql-oid")                                                                        \
    X(IRQL_PROTOCOL, "irql-protocol")                                                              \
    X(IRQL_SENDRCV, "irql-sendrcv")                                                                \
    X(IRQL_STATUS, "irql-status")                                                                  \
    X(IRQL_SYNCH, "irql-synch")                                                                    \
    X(IRQL_TIMER, "irql-timer")                                                                    \
    X(IRQL_SHARED, "irql-sharedmem-passive")                                                       \
    X(IRQL_MEMORY_KIND, "irql-release-memory-kind")                                                \
    X(IRQL_STRING, "irql-string-print")                                                            \
    X(LOCK_DPR_LEVEL, "lk-dpr-needs-dispatch")                                                     \
    X(LOCK_MUTEX, "lk-mutex-level")                                                                \
    X(LOCK_TWICE_DPR, "lk-dpr-acquire-unlocked")                                                   \
    X(LOCK_EXIT_DPR, "lk-dpr-release-unlocked-exit")                                               \
    X(LOCK_TASK, "lk-thread-owner")                                                                \
    X(LOCK_VARIANT, "lk-variant-pairing")                                                          \
    X(LOCK_INIT, "lk-initialized")                                                                 \
    X(LOCK_AFTER_FREE, "lk-use-after-free")                                                        \
    X(LOCK_ORDER, "lk-order-acyclic")                                                              \
    X(LOCK_RELEASE_ORDER, "lk-release-order")                                                      \
    X(LOCK_TIME, "lk-hold-time")                                                                   \
    X(LOCK_STATE, "lk-rw-lockstate-separate")                                                      \
    X(LOCK_INTERLOCKED, "lk-interlocked-list-lock-not-held")                                       \
    X(RACE_STATE, "lk-protect-state")                                                              \
    X(RACE_QUEUE, "lk-protect-queues")                                                             \
    X(RACE_ISR, "lk-isr-shared")                                                                   \
    X(RACE_RSS, "hw-rss-map-race")                                                                 \
    X(LOCK_BALANCED, "lk-balanced")                                                                \
    X(STALL, "rs-stall-50us")                                                                      \
    X(TIMER_OWN, "tm-own-object")                                                                  \
    X(TIMER_DUE, "tm-due-maxlong")                                                                 \
    X(TIMER_HEADER, "tm-characteristics")                                                          \
    X(TIMER_REARM, "tm-rearm-in-teardown")                                                         \
    X(TIMER_SET, "tm-set-cancel-alternate")                                                        \
    X(TIMER_MEMORY, "tm-memory-with-active-timer")                                                 \
    X(WORK_TWICE, "wi-not-queued-twice")                                                           \
    X(WORK_FREED, "wi-not-freed-queued")                                                           \
    X(TIMER_FREED, "tm-callback-after-free")                                                       \
    X(DPC_MEMORY, "dpc-cancel-flush")                                                              \
    X(WORK_PROTOCOL, "wi-not-by-protocol")                                                         \
    X(WORK_FLUSH, "wi-flush-before-teardown")                                                      \
    X(WORK_LOCK, "wi-no-locks-at-schedule")                                                        \
    X(THREAD_LEFT, "thread-terminated")                                                            \
    X(EVENT_INIT, "ev-init-before-use")                                                            \
    X(LOOKASIDE, "mm-lookaside-init-delete")                                                       \
    X(MEMORY_LIST, "mm-contains-lock-or-list")                                                     \
    X(MEMORY_ZERO, "mm-zero-size")                                                                 \
    X(MEMORY_IRQL, "mm-irql-pool")                                                                 \
    X(MEMORY_TAG, "mm-tag-required")                                                               \
    X(NB_LEFT, "mm-netbuffer-balanced")                                                            \
    X(DEREGISTER_INSIDE, "st-p-deregister-not-in-callback")                                        \
    X(CLOSE_WHERE, "st-p-close-from-bind-unbind")                                                  \
    X(OPTIONS_WHERE, "rg-set-options-context")                                                     \
    X(EVENT_HEADER, "pp-illegal-net-pnp-event")                                                    \
    X(EVENT_LOCK, "pp-netpnp-locks")                                                               \
    X(EVENT_IN_OID, "oid-fpnp-event-in-oid")                                                       \
    X(EVENT_SUPPORTED, "st-p-pnpevent-not-supported")                                              \
    X(INIT_CLEAN, "st-m-init-fail-clean")                                                          \
    X(ATTACH_CLEAN, "st-f-attach-fail-clean")                                                      \
    X(HALT_CLEAN, "st-m-halt-release-all")                                                         \
    X(ENTRY_SYNC, "st-driverentry-sync")                                                           \
    X(ENTRY_REGISTERED, "st-m-register-deregister")                                                \
    X(ATTACH_IO, "st-f-attach-no-io")                                                              \
    X(NAMES_VALID, "rg-friendly-names")                                                            \
    X(HANDLERS_SHUTDOWN, "st-m-shutdown-registered")                                               \
    X(HANDLERS_DIRECT, "oid-direct-cancel-registered")                                             \
    X(HANDLERS_OID, "oid-filter-handlers-paired")                                                  \
    X(STATUS_LATE_M, "ss-not-after-halt")                                                          \
    X(STATUS_LATE_F, "ss-not-after-detach")                                                        \
    X(STATUS_SIZE, "ss-buffer-size")                                                               \
    X(STATUS_DESTINATION, "ss-destination-request")                                                \
    X(OID_MUST, "oid-must-succeed")                                                                \
    X(OID_WRITTEN_SET, "oid-byteswritten-set")                                                     \
    X(OID_NEEDED_SET, "oid-bytesneeded-set")                                                       \
    X(OID_OWN, "oid-own-vs-forwarded")                                                             \
    X(OID_DIRECT, "oid-direct-complete-call")                                                      \
    X(OID_PAGED, "oid-request-nonpaged")                                                           \
    X(SEND_HEADER, "send-mac-header-one-mdl")                                                      \
    X(SEND_SIZE, "send-size-limit")                                                                \
    X(SEND_REQUEUE, "send-no-requeue")                                                             \
    X(SEND_PARENT, "send-clone-parent-alive")                                                      \
    X(SEND_CHILDREN, "send-clone-childrefcount")                                                   \
    X(SEND_CANCEL, "send-cancel-handler-if-queue")                                                 \
    X(RECV_INITIALISED, "recv-initialized")                                                        \
    X(RECV_ONE_MDL, "recv-one-mdl-60")                                                             \
    X(RECV_TYPE, "recv-ethertype-flag")                                                            \
    X(RECV_UNDO, "recv-undo-on-return")                                                            \
    X(NBL_BALANCED, "nbl-advance-retreat-balanced")                                                \
    X(NBL_RESERVED, "nbl-reserved-fields-owner")                                                   \
    X(NBL_VOLATILE, "nbl-reserved-volatile")                                                       \
    X(NBL_BACKFILL, "nbl-backfill-use")                                                            \
    X(NBL_HEADROOM, "nbl-dataoffset-is-backfill")                                                  \
    X(OID_VOLATILE, "oid-reserved-volatile")                                                       \
    X(S5_VOLATILE, "s5-reserved-volatile")                                                         \
    X(R5_VOLATILE, "r5-reserved-volatile")                                                         \
    X(NBL_NO_MDL, "nbl-null-mdl-zero")                                                             \
    X(NBL_OFFSETS, "nbl-offsets-consistent")                                                       \
    X(NBL_NBS_FREED, "nbl-nb-free-before-nbl")                                                     \
    X(NBL_CONTEXT_SIZE, "nbl-context-size-align")                                                  \
    X(NBL_FREE_MDL, "nbl-advance-freemdl-flag")                                                    \
    X(OVERRUN, "mm-overrun")                                                                       \
    X(AFTER_FREE, "mm-use-after-free")                                                             \
    X(CONTEXT_AFTER, "nbl-context-no-use-after-free")                                              \
    X(VALUE_AFTER, "cf-pointer-after-close")                                                       \
    X(OID_COPIED, "oid-clone-results-copied")                                                      \
    X(SEND_NO_WAIT, "send-no-wait")                                                                \
    X(SEND_ORDER, "send-complete-order")                                                           \
    X(PACKET_STATUS, "s5-status-volatile")                                                         \
    X(SEND_TIMED, "send-timed-completion")                                                         \
    X(SEND_PROGRESS, "send-progress-hang")                                                         \
    X(FILTER_SEND_TIMED, "filter-send-timed")                                                      \
    X(FILTER_RECV_TIMED, "recv-filter-timed")                                                      \
    X(OID_TIMED, "oid-timed-complete")                                                             \
    X(FILTER_DEREGISTER, "st-f-deregister-in-unload")                                              \
    X(PROTOCOL_DEREGISTER, "st-p-deregister-in-unload")                                            \
    X(MDL_BUILT, "nbl-mdl-double-build")                                                           \
    X(PACKET_DROPPED, "s5-unchain-before-reinit")                                                  \
    X(GENERATION_6, "rg-ndis6-forbidden-calls")                                                    \
    X(IRQL_DMA, "irql-gather-dma")                                                                 \
    X(IRQL_INTERRUPT, "irql-interrupt")                                                            \
    X(IOSPACE_WHERE, "hw-iospace-in-init")                                                         \
    X(HANDLERS_INTERRUPT, "hw-interrupt-handlers")                                                 \
    X(HANDLERS_STATUS, "recv-status-handler-needed")                                               \
    X(CANCEL_BINDING, "send-cancel-binding-valid")                                                 \
    X(OID_STATE_P, "oid-state-protocol")                                                           \
    X(STATUS_RESET, "rs-no-reset-status")                                                          \
    X(RESET_LOCK, "rs-no-lock-at-complete")                                                        \
    X(EVENT_IN_OID_M, "oid-pnp-event-in-oid")                                                      \
    X(IRP_CANCEL, "cf-irp-cancel-cleared")                                                         \
    X(IRP_ONCE, "cf-irp-complete-once")                                                            \
    X(NBL_PARENT, "nbl-parent-netbuffer-not-leaked")                                               \
    X(S5_ANSWER, "s5-sync-status-set")                                                             \
    X(S5_REST, "s5-resources-rest-of-array")                                                       \
    X(S5_POOL, "s5-packet-from-pool")                                                              \
    X(S5_AGAIN, "s5-resources-then-available")                                                     \
    X(S5_EACH, "s5-sendpackets-status-each")                                                       \
    X(S5_BLOCK, "s5-deser-ignore-oob")                                                             \
    X(S5_PENDING, "s5-pending-then-complete")                                                      \
    X(S5_LOCK, "s5-no-spinlock-across-complete")                                                   \
    X(S5_TOUCHED, "s5-no-touch-after-complete")                                                    \
    X(S5_EARLY, "s5-complete-before-return")                                                       \
    X(S5_OWNERSHIP, "s5-ownership-release")                                                        \
    X(S5_KEPT, "s5-im-reserved-save")                                                              \
    X(S5_STACK, "s5-im-stack-packet")                                                              \
    X(R5_PRESET, "r5-status-preset")                                                               \
    X(R5_TAIL, "r5-resources-tail")                                                                \
    X(R5_SERIAL, "r5-serialized-status-check")                                                     \
    X(R5_IN_USE, "r5-in-use-descriptor")                                                           \
    X(R5_TOUCHED, "r5-no-touch-until-return")                                                      \
    X(R5_RETURNED, "r5-no-touch-after-return")                                                     \
    X(R5_COUNT, "r5-receivepacket-refcount")                                                       \
    X(R5_EARLY, "r5-return-not-before-receive-done")                                               \
    X(R5_COPY, "r5-receive-copy-only")                                                             \
    X(R5_END, "r5-receivecomplete-follows")                                                        \
    X(R5_LOOKAHEAD, "r5-lookahead-honoured")                                                       \
    X(R5_STACK, "r5-stack-location")                                                               \
    X(R5_MEDIA, "r5-medium-specific-buffer")                                                       \
    X(O5_COUNTS, "oid5-values-before-complete")                                                    \
    X(R5_NO_STATUS, "r5-deser-no-status-check")                                                    \
    X(S5_STATUS_END, "ss-complete-follows")                                                        \
    X(TIMER_HALT_5, "tm-halt-5")                                                                   \
    X(RESET_PENDING, "rs-pending-completes")                                                       \
    X(IM_ASSOCIATE, "im-associate")                                                                \
    X(IM_CANCEL, "im-init-cancel")                                                                 \
    X(IM_DESERIALIZED, "im-deserialized")                                                          \
    X(IM_TIMEOUTS, "im-ignore-timeouts")                                                           \
    X(IM_SUSPEND, "pp-no-halt-on-suspend-im")                                                      \
    X(CO_DESERIALIZED, "rg-ndis5-deserialized-50")                                                 \
    X(IM_EVENTS, "im-propagate-pnp")                                                               \
    X(IM_POWER_OIDS, "im-wake-oids")                                                               \
    X(SG_DOUBLE, "hw-sg-no-double-map")                                                            \
    X(SG_LEFT, "hw-sg-free-before-complete")                                                       \
    X(SHARED_OVERRUN, "hw-sharedmem-corruption")                                                   \
    X(SHARED_ONCE, "hw-sharedmem-double-free")                                                     \
    X(SHARED_SHUTDOWN, "hw-sharedmem-not-in-shutdown")                                             \
    X(INTERRUPT_LOUD, "hw-disable-before-deregister")                                              \
    X(RESET_SENDS, "rs-complete-sends-oids-before")                                                \
    X(RESET_STATUS, "rs-sends-status")                                                             \
    X(HANG_QUICK, "rs-checkforhang-quick")                                                         \
    X(HANG_683, "rs-683-discouraged")                                                              \
    X(S5_REGAINED, "s5-regain-on-complete")                                                        \
    X(S5_DECLARED, "s5-deser-declare")                                                             \
    X(IM_RESUBMIT, "im-reset-resubmit")                                                            \
    X(IM_HOLD, "rs-im-hold")                                                                       \
    X(RESET_QUIET, "rs-protocol-no-io-during")                                                     \
    X(CALLBACK_ENTRY, "irql-callback-entry")                                                       \
    X(TIMER_IRQL, "tm-callback-irql")                                                              \
    X(SEND_CONTEXT, "send-protocol-context")                                                       \
    X(OID_NEXT, "oid-complete-before-next")                                                        \
    X(O5_SERIAL, "oid5-serialized")                                                                \
    X(SERIALIZED, "s5-serialized-one-at-a-time")                                                   \
    X(DPC_INIT, "hw-no-dpc-in-init")                                                               \
    X(PROTOCOL_NAME, "rg-protocol-name")                                                           \
    X(REGISTRATION_ORDER, "rg-deregister-order")                                                   \
    X(RECV_INIT, "st-m-init-paused")                                                               \
    X(WATCH_STATUS_F, "wd-filter-status")                                                          \
    X(WATCH_STATUS_P, "wd-protocol-status")                                                        \
    X(STATUS_TIMELY, "ss-timely")                                                                  \
    X(WATCH_EVENT_F, "wd-filter-netpnpevent")                                                      \
    X(WATCH_EVENT_P, "wd-protocol-netpnpevent")                                                    \
    X(WATCH_DETACH, "wd-filter-detach")                                                            \
    X(WATCH_HALT, "wd-miniport-halt")                                                              \
    X(WATCH_OID_F, "wd-filter-oid")                                                                \
    X(WATCH_OID_M, "wd-miniport-oid")                                                              \
    X(PAUSE_TIMED_F, "st-f-pause-timed")                                                           \
    X(EVENT_FORWARD, "pp-filter-forward-events")                                                   \
    X(STATUS_PASS, "ss-filter-pass-on")                                                            \
    X(REQUEST_LIFE, "oid-request-lifetime")                                                        \
    X(STACK_ESCAPE, "mm-stack-object-escape")                                                      \
    X(ANSWER_REVISION, "hd-answer-revision")                                                       \
    X(OID_INDICATION, "oid-indication-required-allowed")                                           \
    X(POWER_TIMERS, "pp-power-d3-cancel-timers")                                                   \
    X(POWER_MUST, "oid-set-power-must-succeed")                                                    \
    X(POWER_OID, "oid-pnp-power-event-race")                                                       \
    X(OFFSETS, "hd-offsets-in-structure")                                                          \
    X(OID_DIRECT_LISTED, "oid-direct-only-listed")                                                 \
    X(ENUMERATE, "st-p-reenumerate-context")                                                       \
    X(SHUTDOWN_FREE, "st-m-shutdown-no-free")                                                      \
    X(STATUS_WHERE, "ss-not-in-isr-halt-shutdown")                                                 \
    X(FATAL_ERROR, "wd-miniport-fatal-error")                                                      \
    X(UNLOAD_ALLOCATE, "mm-alloc-during-unload")                                                   \
    X(CANCEL_ID, "send-cancel-id-partial")                                                         \
    X(STORAGE, "nbl-getdatabuffer-storage")                                                        \
    X(MDL_SIZE, "nbl-mdl-size-va")                                                                 \
    X(MDL_LENGTH, "nbl-mdl-adjust-restore")                                                        \
    X(LEAK_STRING, "mm-string-free")                                                               \
    X(LEAK_NAME, "mm-instance-name-free")                                                          \
    X(LEAK_KEY, "cf-key-handles-closed")                                                           \
    X(LEAK_OBJECT, "mm-objects-released")                                                          \
    X(NBL_FLAGS, "nbl-flags-owner")                                                                \
    X(NBL_NEXT, "nbl-next-cleared")                                                                \
    X(NBL_TWO_LISTS, "nbl-not-on-two-lists")                                                       \
    X(SEND_DATA, "send-data-unmodified")                                                           \
    X(RECV_DATA, "recv-data-readonly")                                                             \
    X(OID_ONCE_WORK, "oid-double-complete-workitem")                                               \
    X(SLEEP_WAITS, "st-p-low-power-no-wait")                                                       \
    X(OID_WAITS, "oid-no-wait-hw")                                                                 \
    X(RESTART_FAILED, "st-m-restart-return")                                                       \
    X(PREDETACH, "st-f-predetach-oids")                                                            \
    X(RESERVED, "hd-reserved-zero")                                                                \
    X(LUID_INDEX, "cf-luid-index-reuse")                                                           \
    X(IF_STACK, "cf-if-stack-acyclic")                                                             \
    X(RECV_FRAME_TYPE, "recv-frame-type")                                                          \
    X(IRQL_CM, "irql-callmanager")                                                                 \
    X(IRQL_CO, "irql-connection")                                                                  \
    X(IRQL_IM, "irql-im")                                                                          \
    X(IRQL_INTERFACES, "irql-interfaces")                                                          \
    X(IRQL_MCM, "irql-mcm")                                                                        \
    X(IRQL_MCO, "irql-mco")                                                                        \
    X(IRQL_SERIAL5, "irql-5-serialized-dispatch")                                                  \
    X(LOCK_RW_CPU, "lk-rw-same-cpu")                                                               \
    X(LOCK_QUEUED, "lk-queued-spinlock")                                                           \
    X(WORK_SERIAL, "wi-not-from-serialized")                                                       \
    X(BIND5_HANDLERS, "st-p5-bind-unbind-supplied")                                                \
    X(SYNC_FIELDS, "oid-sync-fields")                                                              \
    X(OID_CANCEL_ID, "oid-cancel-same-pointer")                                                    \
    X(STACK_DEPTH, "send-stack-depth")                                                             \
    X(SPLIT_FLAGS, "nbl-hdsplit-flags-consistent")                                                 \
    X(CONFIG_SERIAL, "cf-serial")                                                                  \
    X(READY_M, "st-m-restart-ready")                                                               \
    X(READY_F, "st-f-restart-ready")                                                               \
    X(CLOSE_CONTEXT, "st-p-close-context-lifetime")                                                \
    X(POLL_MAX, "po-max-respected")                                                                \
    X(REMOVED_HW, "pp-surprise-no-hw")                                                             \
    X(WIRE_NB_ORDER, "send-nb-order")                                                              \
    X(WIRE_FLOW_ORDER, "send-nbl-order-same-flow")                                                 \
    X(WIRE_PADDING, "send-pad-short")                                                              \
    X(WIRE_LOOPBACK, "send-no-loopback-if-flag")                                                   \
    X(WIRE_OVERSIZE, "send-size-overflow")                                                         \
    X(WIRE_PIECES, "hw-sg-fragment-limit")                                                         \
    X(WIRE_RECV_ORDER, "recv-order-per-flow")                                                      \
    X(WANTED, "recv-packet-filter")                                                                \
    X(WANTED_EXTRA, "recv-filter-promisc-extra")                                                   \
    X(HEADER_SPLIT, "recv-header-not-split")                                                       \
    X(ASLEEP_HW, "pp-power-no-access-in-dx")                                                       \
    X(DPC_REENABLE, "hw-dpc-reenable")                                                             \
    X(POWER_PENDING, "pp-power-wait-indicate")                                                     \
    X(POWER_REFUSES, "send-lowpower-reject")                                                       \
    X(POWER_RETURNS, "pp-power-no-wait-returns")                                                   \
    X(PAUSED_RETURNS, "recv-filter-paused-return")                                                 \
    X(PAUSED_KEEPS, "st-p-pause-receives")                                                         \
    X(PAUSED_ANSWERS, "oid-state-miniport-handles")                                                \
    X(LINK_TRUE, "ss-link-state-true")                                                             \
    X(LINK_AGAIN, "ss-no-duplicate-link")                                                          \
    X(LINK_RESET, "rs-status-after-reset")                                                         \
    X(OID_LIST, "oid-mandatory-supported")                                                         \
    X(OID_UNKNOWN, "oid-unknown-not-supported")                                                    \
    X(OID_COUNTER, "oid-64bit-counters")                                                           \
    X(OID_FILTER_SET, "oid-packet-filter-never-fail")                                              \
    X(RESTART_LIST, "st-m-restart-attributes")                                                     \
    X(STATUS_KEPT, "ss-buffer-lifetime")                                                           \
    X(RESET_OIDS, "oid-reset-in-progress")                                                         \
    X(HANG_INIT, "rs-checkforhang-init")                                                           \
    X(OPEN_LATE, "st-p-open-values-late")                                                          \
    X(DEVICE_CLEAN, "pp-add-remove-device-paired")                                                 \
    X(SHUTDOWN_CRASH, "st-m-shutdown-bugcheck")

#define ENFORCED(X)                                                                                \
    X("hw-interrupt-deregister-halt")                                                              \
    X("hw-interrupt-deregister-initfail")                                                          \
    X("hw-interrupt-type-checked")                                                                 \
    X("hw-ioport-in-init")                                                                         \
    X("hw-iospace-unmapped")                                                                       \
    X("hw-register-in-range")                                                                      \
    X("hw-sg-pair")                                                                                \
    X("hw-sgdma-deregister")                                                                       \
    X("hw-sharedmem-freed")                                                                        \
    X("hw-sharedmem-needs-dma")                                                                    \
    X("lk-sync-after-deregister")                                                                  \
    X("oid5-complete-without-request")                                                             \
    X("oid5-query-complete-once")                                                                  \
    X("r5-transfer-complete-once")                                                                 \
    X("rg-setattributes-first-5")                                                                  \
    X("rs-complete-only-if-pending")                                                               \
    X("s5-complete-final-status")                                                                  \
    X("s5-complete-packet-identity")                                                               \
    X("s5-no-complete-unless-pending")                                                             \
    X("cf-if-provider-empty")                                                                      \
    X("mm-uninit")                                                                                 \
    X("po-not-before-register")                                                                    \
    X("cf-irp-pending-marked")                                                                     \
    X("condis-complete-pairs")                                                                     \
    X("condis-create-delete-sync")                                                                 \
    X("condis-handle-kind")                                                                        \
    X("condis-send-complete")                                                                      \
    X("condis-teardown-order")                                                                     \
    X("ev-no-busy-wait")                                                                           \
    X("wd-dpc-time")                                                                               \
    X("wd-filter-pause")                                                                           \
    X("wd-miniport-pause")                                                                         \
    X("wd-protocol-pause")                                                                         \
    X("wd-protocol-unbind")                                                                        \
    X("irql-periodic-timer-cancel")                                                                \
    X("lk-refcount-balance")                                                                       \
    X("lk-rw-dispatch-flag")                                                                       \
    X("lk-rw-no-upgrade")                                                                          \
    X("s5-wan-complete")                                                                           \
    X("irql-raise-lower-order")                                                                    \
    X("lk-critical-region")                                                                        \
    X("nbl-advance-within-length")                                                                 \
    X("nbl-context-balanced")                                                                      \
    X("nbl-free-match")                                                                            \
    X("oid-buffer-no-overrun")                                                                     \
    X("oid-sync-no-pending")                                                                       \
    X("nbl-freemdl-reciprocal")                                                                    \
    X("nbl-nb-data-pool")                                                                          \
    X("nbl-nb-pool-mode")                                                                          \
    X("nbl-prealloc-not-freed-alone")                                                              \
    X("pp-port-activation")                                                                        \
    X("r5-getreceivedpacket-context")                                                              \
    X("r5-receivepacket-zero-on-resources")                                                        \
    X("r5-transfer-in-receive")                                                                    \
    X("rg-ndis5-forbidden-calls")                                                                  \
    X("s5-free-packet-not-in-flight")                                                              \
    X("s5-pool-empty-at-free")                                                                     \
    X("s5-zero-oob-not-packet")                                                                    \
    X("st-f-attach-setattributes")                                                                 \
    X("st-f-pause-once")                                                                           \
    X("st-f-pause-return")                                                                         \
    X("st-f-restart-once")                                                                         \
    X("st-m-attributes-first")                                                                     \
    X("st-m-general-attributes-required")                                                          \
    X("st-m-pause-complete-once")                                                                  \
    X("st-m-pause-return")                                                                         \
    X("st-m-restart-complete-once")                                                                \
    X("st-m-unload-last")                                                                          \
    X("st-no-callbacks-after-unload")                                                              \
    X("st-p-bind-complete-once")                                                                   \
    X("st-p-bind-fail-close")                                                                      \
    X("st-p-bind-open")                                                                            \
    X("st-p-pnpevent-complete-once")                                                               \
    X("st-p-unbind-cannot-fail")                                                                   \
    X("st-p-unbind-close")                                                                         \
    X("rg-filter-handle-saved")                                                                    \
    X("s5-resources-only-serialized")                                                              \
    X("ss-not-in-isr-halt-shutdown")                                                               \
    X("rg-terminate-wrapper")                                                                      \
    X("r5-returnpacket-handler")                                                                   \
    X("hw-dma-complete-before-complete")                                                           \
    X("hw-dma-map-registers")                                                                      \
    X("hw-isr-recognise")                                                                          \
    X("im-flag")                                                                                   \
    X("mm-alloc-checked")                                                                          \
    X("pp-power-fail-resume")

#define NAME(name, id) RULE_##name,
enum rule_name { CHECKED(NAME) RULE_NAMES };
#undef NAME

/* Its row of the table. */
const struct rule *rule_named(enum rule_name name);
