/* SPDX-License-Identifier: MIT */
/* The operational status of an adapter, from what NDIS knows of it.
 *
 *     pause, restart, power, link, default port --> operation_changed
 *         --> another one than was told last: NDIS_STATUS_OPER_STATUS to all layers
 *
 * Who tells takes the mark with an exchange, so that each change is told once.
 */
#include "ndis/path/operation.h"
#include "host/lock.h"
#include "ndis/path/path.h"
#include "ndis/path/port.h"
#include "ndis/path/status.h"

#define MARK(status, flags) ((uint32_t)(status) << 16 | (flags))

static bool
authenticated(const NDIS_PORT_CHARACTERISTICS *port)
{
    return (port->SendControlState != NdisPortControlStateControlled ||
               port->SendAuthorizationState == NdisPortAuthorized) &&
           (port->RcvControlState != NdisPortControlStateControlled ||
               port->RcvAuthorizationState == NdisPortAuthorized);
}

/* Why it cannot carry packets; 0: it can. */
static ULONG
reasons(struct adapter *adapter, const struct module *miniport)
{
    KIRQL irql = ports_enter(adapter);
    ULONG flags = 0;

    if (!authenticated(&adapter->default_port.is))
        flags |= NET_IF_OPER_STATUS_DOWN_NOT_AUTHENTICATED;
    if (adapter->link_state.MediaConnectState == MediaConnectStateDisconnected)
        flags |= NET_IF_OPER_STATUS_DOWN_NOT_MEDIA_CONNECTED;
    ports_leave(adapter, irql);
    if (miniport->state != MODULE_RUNNING)
        flags |= NET_IF_OPER_STATUS_DORMANT_PAUSED;
    if (adapter_sleeps(adapter))
        flags |= NET_IF_OPER_STATUS_DORMANT_LOW_POWER;
    return flags;
}

/* A paused or sleeping adapter is dormant, whatever its link does. */
static NET_IF_OPER_STATUS
judge(ULONG *flags)
{
    const ULONG dormant = NET_IF_OPER_STATUS_DORMANT_PAUSED | NET_IF_OPER_STATUS_DORMANT_LOW_POWER;

    if (!*flags)
        return NET_IF_OPER_STATUS_UP;
    if (!(*flags & dormant))
        return NET_IF_OPER_STATUS_DOWN;
    *flags &= dormant;
    return NET_IF_OPER_STATUS_DORMANT;
}

static bool
is_miniport(const struct module *module)
{
    return module->kind == MODULE_MINIPORT;
}

NET_IF_OPER_STATUS
operation_now(struct adapter *adapter, ULONG *flags)
{
    struct module *miniport = stack_find(adapter, is_miniport);

    *flags = 0;
    if (!miniport)
        return NET_IF_OPER_STATUS_NOT_PRESENT;
    *flags = reasons(adapter, miniport);
    module_let_go(miniport);
    return judge(flags);
}

void
operation_changed(struct adapter *adapter)
{
    NDIS_OPER_STATE state = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_OPER_STATE_REVISION_1,
            NDIS_SIZEOF_OPER_STATE_REVISION_1},
    };
    uint32_t mark;

    state.OperationalStatus = operation_now(adapter, &state.OperationalStatusFlags);
    mark = MARK(state.OperationalStatus, state.OperationalStatusFlags);
    if (__atomic_exchange_n(&adapter->operation_told, mark, __ATOMIC_ACQ_REL) == mark)
        return;
    status_of_ndis(adapter, NDIS_STATUS_OPER_STATUS, &state, sizeof(state));
}
