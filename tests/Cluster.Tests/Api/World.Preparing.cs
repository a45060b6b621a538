using System.Security.Cryptography;
using System.Text;
using Modular.Testing;

namespace Modular.Cluster.Tests.Api;

/// <summary>What examples need to be there.</summary>
public sealed partial class World
{
    /// <summary>A new person with a new room: for the start, and after an example has ended what it names.</summary>
    internal async Task InitializeRoomAsync()
    {
        using var somebody = host.Somebody();
        var guest = (await somebody.Post("/api/users/guests", new { })).Must(201);
        (AccessToken, RefreshToken) = (guest["accessToken"].GetString()!, guest["refreshToken"].GetString()!);
        var room = (await somebody.Post("/api/rooms", new { title = "Examples" })).Must(201);
        (Room, HostLink) = (room.Id.ToString(), room["hostLink"].GetString()!);
        await AskAsync();
        HasChanged = false;
    }

    /// <summary>A link that is good, as if it had been mailed to <see cref="Email"/>: nobody need wait for a mail.</summary>
    internal Task MailLinkAsync(string kind)
    {
        LinkToken = Guid.NewGuid().ToString("n");
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(LinkToken)));
        return database.RunAsync($$"""
            insert into users.mail_link (id, data, version, created_at, updated_at)
            select gen.id, jsonb_build_object('id', gen.id, 'userId', a.id, 'kind', '{{kind}}', 'tokenHash', '{{hash}}', 'expiresAt', now() + interval '1 hour'), 1, now(), now()
            from users.account a, (select gen_random_uuid() id) gen where a.data ->> 'emailKey' = '{{Email}}'
            """);
    }

    /// <summary>Somebody whom an admin may do things to.</summary>
    internal async Task<Guid> PersonAsync()
    {
        using var somebody = host.Somebody();
        return (await somebody.Post("/api/users/guests")).Must(201)["user"].GetProperty("id").GetGuid();
    }

    /// <summary>As it was at the start: nobody is an admin, and <see cref="SetupToken"/> makes one.</summary>
    internal async Task RemoveAdminsAsync()
    {
        askers.Doubt();
        setup ??= await database.ScalarAsync<string>("select data::text from users.setup_state");
        await database.RunAsync($$"""
            update users."user" set data = jsonb_set(data, array['roles'], '[]'), version = version + 1 where data -> 'roles' @> '["admin"]';
            update users.setup_state set data = '{{setup}}', version = version + 1
            """);
    }

    /// <summary>A live question in the room.</summary>
    internal async Task<string> AskAsync()
    {
        using var somebody = host.Somebody();
        return (await somebody.Post("/api/questions", new { body = "Why?", room = Room })).Must(201).Id.ToString();
    }

    /// <summary>The session of the room's host.</summary>
    internal async Task<string> SessionAsync()
    {
        using var owner = new Browser(host.Address, AccessToken);
        return (await owner.Get("/api/users/me/sessions")).Must(200).Items[0].GetProperty("id").GetString()!;
    }

    /// <summary>Somebody who has entered the room.</summary>
    internal async Task<Guid> EnteredAsync()
    {
        using var somebody = host.Somebody();
        (await somebody.Post($"/api/rooms/{Room}/enter")).Must(200);
        return (await somebody.Get("/api/users/me")).Must(200).Id;
    }

    /// <summary>Opens the room, and marks the question as answered, for examples that undo it.</summary>
    internal async Task<string> PreparedAsync(string step)
    {
        using var owner = new Browser(host.Address, AccessToken);
        (await owner.Post(step)).Must(200);
        HasChanged = true;
        return step;
    }
}
