/* SPDX-License-Identifier: MIT */
/* Callback objects: a name, and functions that are called when somebody notifies.
 *
 * Objects with a name are kept by the machine and found again; ExNotifyCallback calls each function
 * with the object busy, and ExUnregisterCallback waits for that.
 */
#include "host/lock.h"
#include "nt/call.h"
#include <string.h>

/* What ExRegisterCallback answers. */
struct registration {
    LIST_ENTRY link;
    PCALLBACK_OBJECT object;
    PCALLBACK_FUNCTION function;
    void *context;
    struct driver *driver;
    uint32_t busy; /* word: calls under way; guarded by object_lock */
    bool leaving;
};

struct _CALLBACK_OBJECT {
    LIST_ENTRY link; /* in undis.callbacks */
    LIST_ENTRY registrations;
    bool many;
    UNICODE_STRING name;
    WCHAR text[64];
};

static PCALLBACK_OBJECT
find(struct undis *machine, PCUNICODE_STRING name)
{
    for (LIST_ENTRY *l = machine->callbacks.Flink; l != &machine->callbacks; l = l->Flink) {
        PCALLBACK_OBJECT object = CONTAINING_RECORD(l, struct _CALLBACK_OBJECT, link);
        if (object->name.Length && RtlEqualUnicodeString(&object->name, name, TRUE))
            return object;
    }
    return NULL;
}

static PCALLBACK_OBJECT
make(struct undis *machine, PCUNICODE_STRING name, bool many)
{
    PCALLBACK_OBJECT object = machine_alloc(machine, sizeof(*object));

    if (!object)
        return NULL;
    InitializeListHead(&object->registrations);
    object->many = many;
    object->name.Buffer = object->text;
    object->name.MaximumLength = sizeof(object->text);
    if (name)
        RtlCopyUnicodeString(&object->name, name);
    return object;
}

/*
 * ExCreateCallback - finds or makes a callback object
 *
 * @CallbackObject: from ExCreateCallback.
 * @ObjectAttributes: name and attributes, or NULL.
 * @Create: TRUE: makes it when there is none of that name.
 * @AllowMultipleCallbacks: TRUE: more than one may register.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the object stays with the machine.
 * Errors:    STATUS_OBJECT_NAME_NOT_FOUND: there is none and Create is FALSE.
 *            STATUS_NAME_TOO_LONG: more than 64 characters. STATUS_INSUFFICIENT_RESOURCES.
 * Source:    NF:wdm.ExCreateCallback
 */
NTSTATUS
ExCreateCallback(PCALLBACK_OBJECT *CallbackObject, POBJECT_ATTRIBUTES ObjectAttributes,
    BOOLEAN Create, BOOLEAN AllowMultipleCallbacks)
{
    struct undis *machine = machine_self();
    PCUNICODE_STRING name = ObjectAttributes->ObjectName;
    PCALLBACK_OBJECT object, made = NULL;

    if (name && name->Length > sizeof(object->text))
        return STATUS_NAME_TOO_LONG;
    if (Create)
        made = make(machine, name, AllowMultipleCallbacks);
    if (Create && !made)
        return STATUS_INSUFFICIENT_RESOURCES;
    host_lock(&machine->object_lock);
    object = name ? find(machine, name) : NULL;
    if (!object && made) {
        object = made;
        made = NULL;
        InsertTailList(&machine->callbacks, &object->link);
    }
    host_unlock(&machine->object_lock);
    machine_free(machine, made);
    *CallbackObject = object;
    return object ? STATUS_SUCCESS : STATUS_OBJECT_NAME_NOT_FOUND;
}

/*
 * ExRegisterCallback - has a function called when the object is notified
 *
 * @CallbackObject: from ExCreateCallback.
 * @CallbackFunction: called by ExNotifyCallback at the IRQL of its caller.
 * @CallbackContext: its first argument.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: registered until ExUnregisterCallback.
 * Errors:    NULL: no memory, or another function has it alone.
 * Source:    NF:wdm.ExRegisterCallback
 */
PVOID
ExRegisterCallback(
    PCALLBACK_OBJECT CallbackObject, PCALLBACK_FUNCTION CallbackFunction, PVOID CallbackContext)
{
    struct undis *machine = machine_self();
    struct registration *made = machine_alloc(machine, sizeof(*made));
    bool taken;

    if (!made)
        return NULL;
    made->object = CallbackObject;
    made->function = CallbackFunction;
    made->context = CallbackContext;
    made->driver = block_self->driver;
    host_lock(&machine->object_lock);
    taken = !CallbackObject->many && !IsListEmpty(&CallbackObject->registrations);
    if (!taken)
        InsertTailList(&CallbackObject->registrations, &made->link);
    host_unlock(&machine->object_lock);
    if (!taken)
        return made;
    machine_free(machine, made);
    return NULL;
}

/*
 * ExUnregisterCallback - ends a registration, after calls that are under way
 *
 * @CallbackRegistration: from ExRegisterCallback.
 *
 * IRQL:      <=APC_LEVEL
 * Ownership: the registration is gone.
 * Errors:    none
 * Source:    NF:wdm.ExUnregisterCallback
 */
VOID
ExUnregisterCallback(PVOID CallbackRegistration)
{
    struct registration *registration = CallbackRegistration;
    struct undis *machine = machine_self();
    uint32_t busy;

    gate_require_irql(APC_LEVEL, "ExUnregisterCallback");
    host_lock(&machine->object_lock);
    registration->leaving = true;
    host_unlock(&machine->object_lock);
    while ((busy = __atomic_load_n(&registration->busy, __ATOMIC_ACQUIRE)) != 0)
        executive_wait(machine->executive, &registration->busy, busy, EXECUTIVE_FOREVER);
    host_lock(&machine->object_lock);
    RemoveEntryList(&registration->link);
    host_unlock(&machine->object_lock);
    machine_free(machine, registration);
}

/* The next registration from @link on, made busy; NULL at the end. Under the lock. */
static struct registration *
next_of(PCALLBACK_OBJECT object, LIST_ENTRY *link)
{
    for (; link != &object->registrations; link = link->Flink) {
        struct registration *registration = CONTAINING_RECORD(link, struct registration, link);
        if (registration->leaving)
            continue;
        __atomic_fetch_add(&registration->busy, 1, __ATOMIC_RELAXED);
        return registration;
    }
    return NULL;
}

/*
 * ExNotifyCallback - calls all functions of a callback object
 *
 * @CallbackObject: from ExCreateCallback.
 * @Argument1: handed to each function.
 * @Argument2: handed to each function.
 *
 * IRQL:      <= DISPATCH_LEVEL (see Remarks section)
 * Ownership: none moves.
 * Errors:    none
 * Source:    NF:wdm.ExNotifyCallback
 */
VOID
ExNotifyCallback(PVOID CallbackObject, PVOID Argument1, PVOID Argument2)
{
    PCALLBACK_OBJECT object = CallbackObject;
    struct undis *machine = machine_self();
    struct registration *now, *next;

    host_lock(&machine->object_lock);
    now = next_of(object, object->registrations.Flink);
    host_unlock(&machine->object_lock);
    while (now) {
        if (now->driver)
            call_callback(now->driver, now->function, now->context, Argument1, Argument2);
        else
            now->function(now->context, Argument1, Argument2);
        host_lock(&machine->object_lock);
        next = next_of(object, now->link.Flink);
        host_unlock(&machine->object_lock);
        /* From here on the registration may be gone; its address is all that is used. */
        if (__atomic_sub_fetch(&now->busy, 1, __ATOMIC_RELEASE) == 0)
            executive_wake(machine->executive, &now->busy, UINT32_MAX);
        now = next;
    }
}
